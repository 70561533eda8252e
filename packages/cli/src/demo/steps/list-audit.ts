import { type ReplyOf, ROUTES } from '@ironforge/contracts';
import { z } from 'zod';
import type { People, Request } from '../cast.ts';
import type { Step } from '../step.ts';
import { claim, until } from '../truth.ts';

type TxEvent = ReplyOf<(typeof ROUTES)['listTransactionEvents']>['data'][number];
type Entry = ReplyOf<(typeof ROUTES)['getAuditEntry']>;

/** The part of an entry's details that every `tx_request` event has. */
const Details = z.object({ request: z.object({ version: z.int() }) });

/** Every transition of the request has exactly one entry, in order, and the tenant's log has no hole. */
export const listAudit: Step<{ people: People; request: Request }, null> = {
  name: 'audit_complete',
  title: 'The audit log tells the whole story, in order, nothing missing',
  why: 'Each change of state leaves exactly one entry, numbered without gaps for the tenant; a number that is not listed here is the entry of something else, such as a wallet. The compliance officer reads it; nobody writes it.',
  act: async (_stage, { people, request }) => {
    const { data: events } = await people.operator.api.call(ROUTES.listTransactionEvents, {
      params: { id: request.id },
      query: { limit: 200 },
    });
    const entries = await until('every event has its entry', async () => {
      const found = await entriesOf(people, request.id);
      return found.filter(isTransition).length >= events.length ? found : null;
    });
    const transitions = entries.filter(isTransition);
    claim('as many entries as events', transitions.length === events.length);
    claim('in the order of their sequence', isAscending(transitions.map(({ sequence }) => sequence)));
    claim(
      'each tells its event, in order',
      events.every((event, index) => tells(transitions[index], event)),
    );
    const incidents = entries.filter((entry) => !isTransition(entry)).map(({ type }) => type);
    claim('the refused signature is recorded too', incidents.join() === 'security_signature_refused');
    await claimNoGap(people);
    return { facts: { entries: entries.map(lineOf) }, value: null };
  },
};

async function entriesOf({ compliance }: People, resourceId: string): Promise<Entry[]> {
  const query = { resourceType: 'tx_request', resourceId, limit: 200 };
  return (await compliance.api.call(ROUTES.listAuditEntries, { query })).data;
}

function isTransition({ type }: Entry): boolean {
  return !type.startsWith('security');
}

function tells(entry: Entry | undefined, event: TxEvent): boolean {
  if (entry === undefined) return false;
  const what = event.type.replace('tx_request.', '');
  return entry.type.endsWith(what) && Details.parse(entry.details).request.version === event.version;
}

function isAscending(numbers: readonly number[]): boolean {
  return numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? number));
}

async function claimNoGap({ compliance }: People): Promise<void> {
  const { data } = await compliance.api.call(ROUTES.listAuditEntries, { query: { limit: 200 } });
  claim(
    "the tenant's entries are numbered without a gap",
    data.every(({ sequence }, index) => sequence === index + 1),
  );
}

function lineOf({ sequence, type, actor }: Entry): string {
  return `${String(sequence).padStart(4)}  ${type.padEnd(28)}${actor.type}`;
}
