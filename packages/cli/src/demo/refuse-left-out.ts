import { DEVELOPMENT_USERS } from '../development-users.ts';
import type { UserLeftOut } from '../supervisor/state-file.ts';
import { trouble } from '../trouble.ts';

/** Asked before the story: it founds its own tenant, which takes the super_admin. Throws `failed` when he was left out at the start. */
export function refuseLeftOut(leftOut: readonly UserLeftOut[]): void {
  const founders = DEVELOPMENT_USERS.filter(({ roles }) => roles.includes('super_admin'));
  const missing = leftOut.find(({ email }) => founders.some((founder) => founder.email === email));
  if (missing === undefined) return;
  const { email, reason } = missing;
  throw trouble(
    'failed',
    `The demo needs ${email}, who was refused when this installation started: ${reason}. Let another super_admin bring him back and start it anew, or play on a new one: IRONFORGE_HOME=<an empty folder> ./ironforge demo`,
  );
}
