import { appError } from '@ironforge/contracts';
import type { AppError } from '@ironforge/kernel';
import type { Blocked, CodeOutcome } from './try-factor.ts';

/** Throws what is to be told about a code that proved nothing; the note that it was wrong is stored by then. */
export function refuseCode(outcome: CodeOutcome): void {
  if (typeof outcome === 'object') throw tooManyAttempts(outcome);
  if (outcome === 'none') throw appError('illegal_transition', { detail: 'there is no such factor' });
  if (outcome === 'wrong') throw appError('step_up_failed');
}

/** What is to be told while codes are blocked, and for how long they are. */
export function tooManyAttempts({ retryAfterSeconds }: Blocked): AppError {
  return appError('too_many_attempts', { retry: 'later', retryAfterSeconds });
}
