import { z } from 'zod';
import { WAITS_FOR_PEOPLE } from '../oracle/invariants/ended.ts';
import type { Facts } from '../oracle/facts/facts.ts';
import type { Violation } from '../oracle/violation.ts';
import { askNode } from '../world/node.ts';
import { type Injected, recoveries } from './report.ts';

const WITHIN_MS = 30_000;
const K = 2;
const BLOCKS_READ = 10;
/** Of a nonce below that somebody holds a lease for, or of an old one that must be final. */
const WAITS_FOR_NONCE = ['queued_behind', 'waiting_for_nonce', 'waiting_for_signer'];

/** I12: within 30 s and K blocks after all is healed, every signed payment that waits for nobody else has ended. */
export async function overdue(
  injected: readonly Injected[],
  facts: Facts,
  ids: readonly string[],
): Promise<Violation[]> {
  const limitMs = WITHIN_MS + K * (await blockMs());
  const excused = waited(facts);
  return recoveries(injected, facts, new Set(ids))
    .filter(({ id, ownMs }) => ownMs > limitMs && !excused.has(id))
    .map(({ id, ownMs }) => ({
      invariant: 'I12',
      id,
      what: `ended ${Math.ceil(ownMs / 1_000)} s after all was healed, not within ${Math.floor(limitMs / 1_000)} s`,
    }));
}

const Told = z.object({ request: z.object({ reason: z.string().nullish() }) });

/** Requests that once said after their signature that they wait for a person, a lease or a nonce. */
function waited({ messages }: Facts): ReadonlySet<string> {
  const excuses = [...WAITS_FOR_PEOPLE, ...WAITS_FOR_NONCE];
  const signed = new Map(
    messages
      .filter(({ routing_key }) => routing_key === 'tx_request.signed')
      .map(({ event }) => [event.subject, event.aggregateversion]),
  );
  const told = messages.filter(
    ({ routing_key, event }) =>
      routing_key.startsWith('tx_request.') &&
      event.aggregateversion >= (signed.get(event.subject) ?? Infinity) &&
      excuses.includes(Told.parse(event.data).request.reason ?? ''),
  );
  return new Set(told.map(({ event }) => event.subject));
}

const Stamped = z.object({ number: z.string(), timestamp: z.string() });

/** What a block takes here by the chain's own clock. */
async function blockMs(): Promise<number> {
  const head = Stamped.parse(await askNode('eth_getBlockByNumber', 'latest', false));
  const before = `0x${(Number(head.number) - BLOCKS_READ).toString(16)}`;
  const past = Stamped.parse(await askNode('eth_getBlockByNumber', before, false));
  return ((Number(head.timestamp) - Number(past.timestamp)) * 1_000) / BLOCKS_READ;
}
