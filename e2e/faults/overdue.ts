import { z } from 'zod';
import type { Message } from '../oracle/facts/facts.ts';
import { WAITS_FOR_PEOPLE } from '../oracle/invariants/ended.ts';
import type { Violation } from '../oracle/violation.ts';
import { type Injected, type Recovery, recoveries, type Step } from './report.ts';

/** What I12 allows, and K blocks of the local chain: its own clock runs ahead wherever a test mines many at once. */
const WITHIN_MS = 30_000;
const K = 2;
const BLOCK_MS = 1_000;
const LIMIT_MS = WITHIN_MS + K * BLOCK_MS;

/** What ended late: what broke I12, and how many payments only because they waited for somebody first. */
export interface Late {
  readonly violations: readonly Violation[];
  readonly excused: number;
}

/** What I12 is read from: the versions of requests, and the reasons that their messages told. */
interface History {
  readonly transitions: readonly Step[];
  readonly messages: readonly Word[];
}

interface Word extends Pick<Message, 'routing_key'> {
  readonly event: Pick<Message['event'], 'subject' | 'aggregateversion' | 'data'>;
}

/** I12: within 30 s and K blocks after all is healed, every signed payment has ended; while it waits for others, time stands. */
export function overdue(injected: readonly Injected[], history: History, ids: readonly string[]): Late {
  const waits = waitsOf(history);
  const signed = recoveries(injected, history, new Set(ids)).filter(({ isSigned }) => isSigned);
  const slow = signed.filter((payment) => ownMs(payment, []) > LIMIT_MS);
  const own = slow.map((payment) => ({ id: payment.id, ms: ownMs(payment, waits.get(payment.id) ?? []) }));
  const broken = own.filter(({ ms }) => ms > LIMIT_MS);
  return { violations: broken.map(({ id, ms }) => late(id, ms)), excused: slow.length - broken.length };
}

/** From the moment on which it was free to its end, without what it waited for others. */
function ownMs({ freeAt, endedAt }: Recovery, waits: readonly Wait[]): number {
  const within = ({ from, to }: Wait) => Math.max(0, Math.min(to, +endedAt) - Math.max(from, +freeAt));
  return +endedAt - +freeAt - waits.reduce((sum, wait) => sum + within(wait), 0);
}

function late(id: string, ms: number): Violation {
  const [took, limit] = [Math.ceil(ms / 1_000), Math.floor(LIMIT_MS / 1_000)];
  return {
    invariant: 'I12',
    id,
    what: `ended ${took} s after nothing else was waited for, not within ${limit} s`,
  };
}

/** Of a nonce below that somebody holds a lease for, or of an old one that must be final. */
const WAITS_FOR_NONCE = ['queued_behind', 'waiting_for_nonce', 'waiting_for_signer'];
const EXCUSES = [...WAITS_FOR_PEOPLE, ...WAITS_FOR_NONCE];

const Told = z.object({ request: z.object({ reason: z.string().nullish() }) });

/** From one version of a request to the next, in milliseconds since 1970. */
interface Wait {
  readonly from: number;
  readonly to: number;
}

/** What each request waited for others: from a version that says so to the next, or until now. */
function waitsOf({ messages, transitions }: History): ReadonlyMap<string, readonly Wait[]> {
  const histories = Map.groupBy(transitions, ({ tx_request_id }) => tx_request_id);
  const told = messages
    .filter(({ routing_key }) => routing_key.startsWith('tx_request.'))
    .filter(({ event }) => EXCUSES.includes(Told.parse(event.data).request.reason ?? ''));
  const grouped = Map.groupBy(told, ({ event }) => event.subject);
  return new Map(
    [...grouped].map(([id, words]) => [
      id,
      words.map(({ event }) => waitFrom(histories.get(id) ?? [], event.aggregateversion)),
    ]),
  );
}

function waitFrom(history: readonly Step[], version: number): Wait {
  const [own, next] = [version, version + 1].map((one) => history.find((step) => step.version === one));
  const now = Date.now();
  return { from: own?.created_at.getTime() ?? now, to: next?.created_at.getTime() ?? now };
}
