import { deletionCertificate } from '@ironforge/contracts';
import { z } from 'zod';
import type { Facts } from '../facts/facts.ts';
import { headIn } from '../head.ts';
import { hashOver, leafOf, rootOver } from '../root-over.ts';
import type { Violation } from '../violation.ts';
import { differences, isOwn, Sealed } from './told-by-event.ts';

type Entry = Facts['entries'][number];

/** What stands at one number: an entry, or what is left of a pruned one. */
interface Place {
  readonly eventId: string;
  readonly sequence: number;
  readonly leaf: Buffer;
  readonly entry: Entry | null;
}

/**
 * I4: every event has one entry that says what it says, and no entry is without one; they are numbered without gaps and in the order of
 * their aggregates, the sealed tree is over just these, and what was pruned is certified by one that is there.
 */
export function audited(facts: Facts): Violation[] {
  const numbered = facts.entries.filter(({ sequence }) => sequence !== null);
  const tenants = new Set([...numbered, ...facts.pruned].map(({ tenant_id }) => tenant_id));
  return [
    ...missingEntries(facts),
    ...wronglyTold(facts),
    ...[...tenants].flatMap((tenantId) => {
      const places = placesOf(facts, tenantId);
      return [
        ...outOfLine(tenantId, places),
        ...outOfOrder(places),
        ...wronglySealed(tenantId, places, facts),
        ...wronglyPruned(tenantId, places),
      ];
    }),
  ];
}

function placesOf({ entries, pruned }: Facts, tenantId: string): Place[] {
  const there = entries.flatMap((entry) => {
    const { tenant_id, event_id: eventId, sequence, canonical } = entry;
    if (tenant_id !== tenantId || sequence === null) return [];
    return [{ eventId, sequence, leaf: leafOf(canonical ?? ''), entry }];
  });
  const gone = pruned
    .filter(({ tenant_id }) => tenant_id === tenantId)
    .map(({ event_id: eventId, sequence, leaf_hash }) => {
      return { eventId, sequence, leaf: Buffer.from(leaf_hash, 'hex'), entry: null };
    });
  return [...there, ...gone].toSorted((a, b) => a.sequence - b.sequence);
}

/** What waits in the queue or was put aside there is told by I7 and I12. */
function missingEntries({ messages, entries, pruned, queues }: Facts): Violation[] {
  const recorded = new Set([...entries, ...pruned].map(({ event_id }) => event_id));
  const elsewhere = new Set([
    ...(queues.deadOf.get('audit') ?? []),
    ...(queues.waitingIn.get('audit') ?? []),
  ]);
  return messages
    .filter(({ exchange, routing_key }) => queues.readersOf(exchange, routing_key).includes('audit'))
    .filter(({ id }) => !recorded.has(id) && !elsewhere.has(id))
    .map(({ id, routing_key }) => broken(id, `${routing_key} has no audit entry`));
}

/** Of what was taken in longer ago, the messages may be forgotten by now. */
function wronglyTold({ messages, entries }: Facts): Violation[] {
  const told = new Map(messages.map(({ id, event }) => [id, event]));
  return entries.flatMap((entry) => {
    const { event_id: id, type, canonical } = entry;
    const event = told.get(id);
    if (event === undefined)
      return isOwn(type) || !entry.is_recent
        ? []
        : [broken(id, `a ${type} stands in the log, and no event tells it`)];
    if (canonical === null) return [];
    const fields = differences(entry, JSON.parse(canonical), event);
    return fields.length === 0
      ? []
      : [broken(id, `its entry differs from its event in: ${fields.join(', ')}`)];
  });
}

/** Numbers are one above the one before, and each entry says of itself what its columns say. */
function outOfLine(tenantId: string, places: readonly Place[]): Violation[] {
  return places.flatMap(({ eventId, sequence, entry }, index) => {
    if (sequence !== index + 1) return [broken(eventId, `is entry ${sequence}, and ${index} come before it`)];
    if (entry === null) return [];
    const said = Sealed.parse(JSON.parse(entry.canonical ?? '{}'));
    const isSame = said.sequence === sequence && said.eventId === eventId && said.tenantId === tenantId;
    return isSame ? [] : [broken(eventId, `is entry ${sequence}, and its sealed text is of another`)];
  });
}

/** A version may be missing where an entry was pruned. */
function outOfOrder(places: readonly Place[]): Violation[] {
  const before = new Map<string, { readonly version: number; readonly pruned: number }>();
  const found: Violation[] = [];
  let pruned = 0;
  for (const { entry, eventId } of places) {
    if (entry === null) pruned += 1;
    if (entry === null || entry.aggregate_version === 0) continue;
    const { aggregate, aggregate_version: version } = entry;
    const last = before.get(aggregate) ?? { version: 0, pruned: 0 };
    const missing = version - last.version - 1;
    if (missing < 0 || missing > pruned - last.pruned)
      found.push(broken(eventId, `is version ${version} of ${aggregate}, entered after ${last.version}`));
    before.set(aggregate, { version, pruned });
  }
  return found;
}

function wronglySealed(tenantId: string, places: readonly Place[], { heads }: Facts): Violation[] {
  const sealed = heads.find(({ tenant_id }) => tenant_id === tenantId);
  if (sealed === undefined) return [broken(tenantId, `has ${places.length} entries and no checkpoint`)];
  const { size, root } = headIn(sealed.note);
  if (size !== places.length)
    return [broken(tenantId, `has ${places.length} entries, of which ${size} are sealed`)];
  const own = rootOver(places.map(({ leaf }) => leaf));
  return own === root ? [] : [broken(tenantId, 'has a checkpoint over something else than its entries')];
}

const Certificate = z.object({ type: z.literal('entries_pruned'), details: deletionCertificate });

/** Each certificate is of entries that are gone and of their leaves, and each entry that is gone has one. */
function wronglyPruned(tenantId: string, places: readonly Place[]): Violation[] {
  const certificates = places.flatMap(({ entry }) => {
    const read = Certificate.safeParse(JSON.parse(entry?.canonical ?? '{}'));
    return read.success ? [read.data.details] : [];
  });
  const certified = certificates.flatMap(({ ranges }) => ranges.flatMap(numbersIn));
  const gone = places.filter(({ entry }) => entry === null).map(({ sequence }) => sequence);
  const isWhole = certified.toSorted((a, b) => a - b).join() === gone.join();
  const isTrue = certificates.every(({ ranges, leafHashesSha256 }) => {
    const numbers = new Set(ranges.flatMap(numbersIn));
    const leaves = places.filter(({ sequence }) => numbers.has(sequence)).map(({ leaf }) => leaf);
    return hashOver(leaves) === leafHashesSha256;
  });
  return isWhole && isTrue
    ? []
    : [broken(tenantId, 'has deletion certificates of other entries than those that are gone')];
}

function numbersIn([first, last]: readonly [number, number]): number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}

function broken(id: string, what: string): Violation {
  return { invariant: 'I4', id, what };
}
