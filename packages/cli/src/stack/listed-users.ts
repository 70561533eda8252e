import { DEVELOPMENT_USERS } from '../development-users.ts';
import type { Secrets } from '../secrets.ts';
import type { UserLeftOut } from '../supervisor/state-file.ts';

/** A development user as scripts and tests are told of him; null and undefined are what was never made. */
export interface ListedUser {
  readonly id: string | null | undefined;
  readonly email: string;
  readonly password: string | undefined;
  readonly roles: readonly string[];
  readonly apiKey: string | null | undefined;
}

/** The development users with their passwords and API keys, without those who were left out at the start. */
export function listedUsers(
  { accounts }: Pick<Secrets, 'accounts'>,
  leftOut: readonly UserLeftOut[],
): ListedUser[] {
  const listed = DEVELOPMENT_USERS.filter(({ email }) => !leftOut.some((one) => one.email === email));
  return listed.map(({ name, email, roles }) => {
    const account = accounts[name];
    return { id: account?.id, email, password: account?.password, roles, apiKey: account?.apiKey };
  });
}
