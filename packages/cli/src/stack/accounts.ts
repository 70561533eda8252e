import { ROUTES } from '@ironforge/contracts';
import { AppError, present } from '@ironforge/kernel';
import { createApi } from '../api/client.ts';
import { DEVELOPMENT_USERS, type DevelopmentUser } from '../development-users.ts';
import type { Secrets } from '../secrets.ts';
import type { UserLeftOut } from '../supervisor/state-file.ts';
import { trouble } from '../trouble.ts';

type Account = Secrets['accounts'][string];

/** The accounts with ids and working API keys, their tenant, and who was left out, whose account is as it was kept. */
export interface OpenedAccounts {
  /** Null where everybody was left out. */
  readonly tenantId: string | null;
  readonly accounts: Readonly<Record<string, Account>>;
  readonly leftOut: readonly UserLeftOut[];
}

/**
 * Signs the development users in and gives each an API key, unless the kept one still works. Whoever is refused, as after a
 * suspension, is left out; throws `start_failed` where that is everybody, and nobody was ever made here.
 */
export async function openAccounts(
  gatewayUrl: string,
  { accounts }: Pick<Secrets, 'accounts'>,
): Promise<OpenedAccounts> {
  const results = await Promise.all(
    DEVELOPMENT_USERS.map(async (user) => {
      const account = present(accounts[user.name], `account ${user.name}`);
      return { name: user.name, account, ...(await openUnlessRefused(gatewayUrl, user, account)) };
    }),
  );
  const tenantId = results.find((one) => one.tenantId !== null)?.tenantId ?? null;
  if (tenantId === null && results.every(({ account }) => account.id === null)) throw nobodyMade();
  return {
    tenantId,
    accounts: Object.fromEntries(results.map(({ name, account }) => [name, account])),
    leftOut: results.flatMap(({ leftOut }) => leftOut ?? []),
  };
}

function nobodyMade(): AppError {
  const what = 'The database has a tenant already, and refuses the users of secrets.json';
  return trouble(
    'start_failed',
    `${what}: put the secrets.json that made it back, or give an empty database`,
  );
}

interface Opened {
  readonly account: Account;
  readonly tenantId: string;
}

type Result =
  | (Opened & { readonly leftOut: null })
  | { readonly tenantId: null; readonly leftOut: UserLeftOut };

async function openUnlessRefused(
  gatewayUrl: string,
  user: DevelopmentUser,
  account: Account,
): Promise<Result> {
  try {
    return { ...(await openAccount(gatewayUrl, user, account)), leftOut: null };
  } catch (error) {
    if (!(error instanceof AppError && REFUSALS.has(error.code))) throw error;
    return { tenantId: null, leftOut: { email: user.email, reason: error.message } };
  }
}

/** What is refused to one user alone; any other fault concerns the whole installation. */
const REFUSALS: ReadonlySet<string> = new Set([
  'invalid_credentials',
  'password_change_required',
  'totp_required',
  'too_many_attempts',
  'unauthenticated',
  'permission_denied',
]);

async function openAccount(gatewayUrl: string, user: DevelopmentUser, account: Account): Promise<Opened> {
  const apiKey = (await workingKey(gatewayUrl, account.apiKey)) ?? (await newKey(gatewayUrl, user, account));
  const { id, tenantId } = await createApi(gatewayUrl, apiKey).call(ROUTES.getMe);
  return { tenantId, account: { ...account, id, apiKey } };
}

async function workingKey(gatewayUrl: string, apiKey: string | null): Promise<string | null> {
  if (apiKey === null) return null;
  const answer = await createApi(gatewayUrl, apiKey).ask(ROUTES.getMe);
  return 'reply' in answer ? apiKey : null;
}

async function newKey(
  gatewayUrl: string,
  { email }: DevelopmentUser,
  { password }: Account,
): Promise<string> {
  const { accessToken } = await createApi(gatewayUrl).call(ROUTES.login, { body: { email, password } });
  const { key } = await createApi(gatewayUrl, accessToken).call(ROUTES.createApiKey, {
    body: { name: 'local' },
  });
  return key;
}
