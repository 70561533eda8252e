import { setTimeout as sleep } from 'node:timers/promises';
import { trouble } from '../trouble.ts';

const PATIENCE_MS = 30_000;
const PAUSE_MS = 100;

/** Stops the story unless the claim holds. */
export function claim(what: string, holds: boolean): asserts holds {
  if (!holds) throw trouble('failed', `Not true: ${what}`);
}

/** Asks again until there is an answer that is not null. Throws `failed` after 30 s, naming what was waited for. */
export async function until<Answer>(what: string, ask: () => Promise<Answer | null>): Promise<Answer> {
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    const answer = await ask();
    if (answer !== null) return answer;
    await sleep(PAUSE_MS);
  }
  throw trouble('failed', `Waited ${PATIENCE_MS / 1000} s in vain until ${what}`);
}
