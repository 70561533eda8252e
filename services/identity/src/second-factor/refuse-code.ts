import { appError } from '@ironforge/contracts';
import type { CodeOutcome } from './try-factor.ts';

/** Throws what is to be told about a code that proved nothing; the note that it was wrong is stored by then. */
export function refuseCode(outcome: CodeOutcome): void {
  if (outcome === 'blocked') throw appError('too_many_attempts', { retry: 'later' });
  if (outcome === 'none') throw appError('illegal_transition', { detail: 'there is no such factor' });
  if (outcome === 'wrong') throw appError('step_up_failed');
}
