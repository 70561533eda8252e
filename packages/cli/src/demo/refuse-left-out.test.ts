import { AppError } from '@ironforge/kernel';
import { expect, it } from 'vitest';
import { EXIT_CODES, exitCodeOf } from '../trouble.ts';
import { refuseLeftOut } from './refuse-left-out.ts';

const REASON = 'E-mail, password or code is wrong';

function refusalOf(...emails: readonly string[]): unknown {
  try {
    refuseLeftOut(emails.map((email) => ({ email: `${email}@ironforge.example`, reason: REASON })));
    return null;
  } catch (error) {
    return error;
  }
}

it('says who was left out without whom there is no story, why, and where it can be played', () => {
  const refusal = refusalOf('signer', 'super-admin');
  expect(exitCodeOf(refusal)).toBe(EXIT_CODES.failed);
  expect(refusal instanceof AppError && refusal.message).toBe(
    `The demo needs super-admin@ironforge.example, who was refused when this installation started: ${REASON}. ` +
      'Let another super_admin bring him back and start it anew, or play on a new one: IRONFORGE_HOME=<an empty folder> ./ironforge demo',
  );
});

it('needs none of the others, whose places people of its own take', () => {
  expect(refusalOf()).toBeNull();
  expect(refusalOf('signer', 'admin')).toBeNull();
});
