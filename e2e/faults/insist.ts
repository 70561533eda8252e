import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ReplyOf, Route, RouteAnswer, RouteInput } from '@ironforge/contracts';
import type { Caller } from '../world/caller.ts';

const PATIENCE_MS = 120_000;
const PAUSE_MS = 250;

/** What was answered for good. */
export class Refused extends Error {
  readonly code: string | null;

  constructor(answer: object) {
    super(JSON.stringify(answer));
    this.code = codeOf(answer);
  }
}

/**
 * Calls a route as a patient client does while things break: again after a lost connection, a 5xx or a lost race, with
 * the very same input. So it may be used only for what is safe to repeat. Throws `Refused` for every other refusal, and for a
 * change that others must approve.
 */
export async function insist<R extends Route>(
  caller: Caller,
  route: R,
  input: RouteInput<R>,
): Promise<ReplyOf<R>> {
  const answer = await insistOnAnswer(caller, route, input);
  if ('reply' in answer) return answer.reply;
  throw new Refused(answer);
}

/** Calls a route like `insist`, and gives whatever is answered for good. */
export async function insistOnAnswer<R extends Route>(
  caller: Caller,
  route: R,
  input: RouteInput<R>,
): Promise<RouteAnswer<R>> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await caller.ask(route, input).catch((error: unknown) => ({ lost: error }));
    if (!('lost' in answer) && !isPassing(answer)) return answer;
    if (Date.now() > deadline) throw new Refused(answer);
    await sleep(PAUSE_MS);
  }
}

/** A new idempotency key: what is called with it may be repeated. */
export function freshKey() {
  return { 'idempotency-key': randomUUID() };
}

function isPassing(answer: RouteAnswer<Route>): boolean {
  return answer.status >= 500 || codeOf(answer) === 'request_in_progress';
}

function codeOf(answer: object | { readonly problem: { readonly code: string } }): string | null {
  return 'problem' in answer ? answer.problem.code : null;
}
