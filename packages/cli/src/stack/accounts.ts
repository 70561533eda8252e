import { ROUTES } from '@ironforge/contracts';
import { present } from '@ironforge/kernel';
import { createApi } from '../api/client.ts';
import { DEVELOPMENT_USERS, type DevelopmentUser } from '../development-users.ts';
import type { Secrets } from '../secrets.ts';

type Account = Secrets['accounts'][string];

/** The accounts with ids and working API keys, and their tenant. */
export interface OpenedAccounts {
  readonly tenantId: string;
  readonly accounts: Readonly<Record<string, Account>>;
}

/** Signs the development users in and gives each an API key, unless the kept one still works. */
export async function openAccounts(gatewayUrl: string, { accounts }: Secrets): Promise<OpenedAccounts> {
  const opened = await Promise.all(
    DEVELOPMENT_USERS.map(async (user) => {
      const account = present(accounts[user.name], `account ${user.name}`);
      return { name: user.name, ...(await openAccount(gatewayUrl, user, account)) };
    }),
  );
  return {
    tenantId: present(opened[0], 'a development user').tenantId,
    accounts: Object.fromEntries(opened.map(({ name, account }) => [name, account])),
  };
}

interface Opened {
  readonly account: Account;
  readonly tenantId: string;
}

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
