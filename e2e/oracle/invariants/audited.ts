import { z } from 'zod';
import type { Facts } from '../facts/facts.ts';
import { headIn } from '../head.ts';
import { rootOver } from '../root-over.ts';
import type { Violation } from '../violation.ts';

type Entry = Facts['entries'][number];

/** I4: every event has one entry, numbered without gaps and in the order of its aggregate, and the sealed tree is over just these. */
export function audited(facts: Facts): Violation[] {
  const byTenant = Map.groupBy(facts.entries.filter(isNumbered), ({ tenant_id }) => tenant_id);
  return [
    ...missingEntries(facts),
    ...[...byTenant].flatMap(([tenantId, entries]) => [
      ...outOfLine(entries),
      ...outOfOrder(entries),
      ...wronglySealed(tenantId, entries, facts),
    ]),
  ];
}

function isNumbered({ sequence }: Entry): boolean {
  return sequence !== null;
}

/** What waits in the queue or was put aside there is told by I7 and I12. */
function missingEntries({ messages, entries, queues }: Facts): Violation[] {
  const recorded = new Set(entries.map(({ event_id }) => event_id));
  const elsewhere = new Set([
    ...(queues.deadOf.get('audit') ?? []),
    ...(queues.waitingIn.get('audit') ?? []),
  ]);
  return messages
    .filter(({ exchange, routing_key }) => queues.readersOf(exchange, routing_key).includes('audit'))
    .filter(({ id }) => !recorded.has(id) && !elsewhere.has(id))
    .map(({ id, routing_key }) => broken(id, `${routing_key} has no audit entry`));
}

const Said = z.object({ sequence: z.int(), eventId: z.string(), tenantId: z.string() });

/** Entries come by number: each is one above the one before, and says of itself what its columns say. */
function outOfLine(entries: readonly Entry[]): Violation[] {
  return entries.flatMap((entry, index) => {
    const { event_id: eventId, sequence, tenant_id: tenantId, canonical } = entry;
    if (sequence !== index + 1) return [broken(eventId, `is entry ${sequence}, and ${index} come before it`)];
    const said = Said.parse(JSON.parse(canonical ?? '{}'));
    const isSame = said.sequence === sequence && said.eventId === eventId && said.tenantId === tenantId;
    return isSame ? [] : [broken(eventId, `is entry ${sequence}, and its sealed text is of another`)];
  });
}

function outOfOrder(entries: readonly Entry[]): Violation[] {
  const ordered = entries.filter(({ aggregate_version }) => aggregate_version > 0);
  return [...Map.groupBy(ordered, ({ aggregate }) => aggregate)].flatMap(([aggregate, own]) =>
    own.flatMap(({ aggregate_version: version, event_id }, index) =>
      version === index + 1
        ? []
        : [broken(event_id, `is version ${version} of ${aggregate}, entered as ${index + 1}`)],
    ),
  );
}

function wronglySealed(tenantId: string, entries: readonly Entry[], { heads }: Facts): Violation[] {
  const sealed = heads.find(({ tenant_id }) => tenant_id === tenantId);
  if (sealed === undefined) return [broken(tenantId, `has ${entries.length} entries and no checkpoint`)];
  const { size, root } = headIn(sealed.note);
  if (size !== entries.length)
    return [broken(tenantId, `has ${entries.length} entries, of which ${size} are sealed`)];
  const own = rootOver(entries.map(({ canonical }) => canonical ?? ''));
  return own === root ? [] : [broken(tenantId, 'has a checkpoint over something else than its entries')];
}

function broken(id: string, what: string): Violation {
  return { invariant: 'I4', id, what };
}
