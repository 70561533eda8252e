import { setTimeout as sleep } from 'node:timers/promises';
import type { ReplyOf, Route, RouteInput } from '@ironforge/contracts';
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
 * the very same input. So it may be used only for what is safe to repeat. Throws `Refused` for every other refusal.
 */
export async function insist<R extends Route>(
  caller: Caller,
  route: R,
  input: RouteInput<R>,
): Promise<ReplyOf<R>> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await caller.ask(route, input).catch((error: unknown) => ({ lost: error }));
    if ('reply' in answer) return answer.reply;
    const isPassing = 'lost' in answer || answer.status >= 500 || codeOf(answer) === 'request_in_progress';
    if (!isPassing || Date.now() > deadline) throw new Refused(answer);
    await sleep(PAUSE_MS);
  }
}

function codeOf(answer: object | { readonly problem: { readonly code: string } }): string | null {
  return 'problem' in answer ? answer.problem.code : null;
}
