/** Says for how many milliseconds from now whoever calls waits for the answer. */
export const ANSWER_WITHIN_HEADER = 'x-answer-within-ms';

/** What is left of the wait for all that comes after a call of one's own: to store what came of it, and the way back. */
const SHARE_FOR_CALLS = 0.8;

/**
 * Until when, on the clock of `performance.now()`, calls that serve an answer may take, by what the header says; undefined when it says
 * nothing that can be understood.
 */
export function answerByOf(header: string | undefined): number | undefined {
  if (header === undefined || !/^\d{1,7}$/.test(header)) return undefined;
  return performance.now() + Number(header) * SHARE_FOR_CALLS;
}

/** For how many whole milliseconds a call may take that should take no longer than `timeoutMs`, and must end by `answerBy`. */
export function remainingMs(timeoutMs: number, answerBy: number | undefined): number {
  const untilThen = (answerBy ?? Number.POSITIVE_INFINITY) - performance.now();
  return Math.max(0, Math.floor(Math.min(timeoutMs, untilThen)));
}
