import type { Context } from '../context.ts';
import { isHeld } from '../supervisor/hold.ts';
import { readState } from '../supervisor/state-file.ts';
import { trouble } from '../trouble.ts';

/** The database as its owner sees it: of DATABASE_URL, or of the running installation. Throws `not_running`. */
export async function ownerUrl({ env, home }: Context): Promise<string> {
  const url =
    env['DATABASE_URL'] || ((await isHeld(home)) ? readState(home)?.connection?.databaseUrl : undefined);
  if (url) return url;
  throw trouble(
    'not_running',
    "No database: start one with ./ironforge up --detach, or set DATABASE_URL to the owner's",
  );
}
