import type { Facts } from '../facts/facts.ts';
import type { Violation } from '../violation.ts';
import { minedCount } from './nonces.ts';

type Request = Facts['requests'][number];

/** Reasons to stand still that people end: more funds, a higher fee, a cancel. */
export const WAITS_FOR_PEOPLE = [
  'validity_passed',
  'insufficient_funds',
  'underpriced',
  'stuck',
  'refused_by_node',
];

/** I12: what waits for nobody has ended: requests, messages, audit entries, and the watcher is at the head. */
export function ended(facts: Facts): Violation[] {
  return [
    ...facts.requests.flatMap((request) => (isUnderWay(facts, request) ? [stands(request)] : [])),
    ...facts.entries
      .filter(({ sequence }) => sequence === null)
      .map(({ event_id }) => broken(event_id, 'its audit entry has no number')),
    ...[...facts.queues.deadOf].flatMap(([queue, ids]) =>
      ids.filter((id) => isOurs(facts, id)).map((id) => broken(id, `lies dead in ${queue}`)),
    ),
    ...facts.cursors
      .filter(({ status }) => status !== 'following')
      .map(({ chain_id, status, height }) => broken(chain_id, `is ${status} at ${height}`)),
  ];
}

function isUnderWay(facts: Facts, request: Request): boolean {
  if (request.status !== 'signed' && request.status !== 'broadcasted') return false;
  if (WAITS_FOR_PEOPLE.includes(request.reason ?? '')) return false;
  return !waitsForOthers(facts, request);
}

/** Something below its nonce has no signature yet, and somebody holds a lease or a task for that. */
function waitsForOthers({ slots, ...facts }: Facts, request: Request): boolean {
  const nonce = request.bound_nonce ?? 0;
  const from = minedCount(facts, request.from_address);
  const lane = slots.filter(
    ({ tenant_id, address }) => tenant_id === request.tenant_id && address === request.from_address,
  );
  const isReady = (at: number) =>
    lane.some((slot) => slot.nonce === at && ['signed', 'spent'].includes(slot.state));
  return Array.from({ length: Math.max(0, nonce - from) }, (_, index) => from + index).some(
    (at) => !isReady(at),
  );
}

function isOurs({ messages }: Facts, id: string): boolean {
  return messages.some((message) => message.id === id);
}

function stands({ id, status, reason }: Request): Violation {
  return broken(id, `is still ${status} (${reason ?? 'no reason'})`);
}

function broken(id: string, what: string): Violation {
  return { invariant: 'I12', id, what };
}
