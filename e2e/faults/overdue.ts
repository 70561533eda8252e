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

/** I12: within 30 s and K blocks after all is healed and it waits for nobody else, every signed payment has ended. */
export function overdue(injected: readonly Injected[], history: History, ids: readonly string[]): Late {
  const ends = waitEnds(history);
  const slow = recoveries(injected, history, new Set(ids)).filter((payment) => ownMs(payment) > LIMIT_MS);
  const broken = slow.filter((payment) => ownMs(payment, ends.get(payment.id)) > LIMIT_MS);
  const violations = broken.map((payment) => late(payment.id, ownMs(payment, ends.get(payment.id))));
  return { violations, excused: slow.length - broken.length };
}

function ownMs({ freeAt, endedAt }: Recovery, waitedUntil: Date = freeAt): number {
  return endedAt.getTime() - Math.max(freeAt.getTime(), waitedUntil.getTime());
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

/** For each request that said that it waits: when the last such wait was over, which its next version tells. */
function waitEnds({ messages, transitions }: History): ReadonlyMap<string, Date> {
  const histories = Map.groupBy(transitions, ({ tx_request_id }) => tx_request_id);
  const waits = messages
    .filter(({ routing_key }) => routing_key.startsWith('tx_request.'))
    .filter(({ event }) => EXCUSES.includes(Told.parse(event.data).request.reason ?? ''));
  const ends = waits.flatMap(({ event: { subject, aggregateversion } }) => {
    const next = histories.get(subject)?.find(({ version }) => version > aggregateversion);
    return next === undefined ? [] : [[subject, next.created_at] as const];
  });
  return new Map(ends.toSorted(([, a], [, b]) => a.getTime() - b.getTime()));
}
