import { type ReplyOf, ROUTES } from '@ironforge/contracts';
import { createApi } from '../api/client.ts';
import type { Home } from '../home.ts';
import { readSecrets } from '../secrets.ts';
import type { State } from '../supervisor/state-file.ts';
import { listedUsers } from './listed-users.ts';

/** One chain and how far it is followed, as `GET /v1/chains` shows it. */
export type ChainStatus = ReplyOf<(typeof ROUTES)['listChains']>['data'][number];

/** So long the answer is waited for: the parts tell by themselves when the gateway is away. */
const TIMEOUT_MS = 2_000;

/** The chains of the running installation; null when the gateway does not answer. */
export async function chainStatuses(
  home: Home,
  { connection }: Pick<State, 'connection'>,
): Promise<ChainStatus[] | null> {
  const url = connection?.gatewayUrl;
  const users = listedUsers(readSecrets(home), connection?.usersLeftOut ?? []);
  const { apiKey } = users.find(({ roles }) => roles.includes('operator')) ?? users[0] ?? {};
  if (!url || !apiKey) return null;
  const asked = createApi(url, apiKey).ask(ROUTES.listChains, {}, { timeoutMs: TIMEOUT_MS });
  const answer = await asked.catch(() => null);
  return answer !== null && 'reply' in answer ? answer.reply.data : null;
}
