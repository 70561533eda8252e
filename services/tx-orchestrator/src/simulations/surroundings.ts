import type { PolicyRuleInput } from '@ironforge/contracts';
import { askDestination } from '../asks/destination.ts';
import { askWallet } from '../asks/wallet.ts';
import type { OrchestratorDeps } from '../deps.ts';
import type { RequestRow } from '../queries/tx-requests.ts';
import { initiatorIdsOf } from '../requests/recheck.ts';
import type { Circumstances } from '../requests/submission.ts';
import type { SimulationRequest } from './made-up.ts';

/** What the registry says today about a past request. */
export type Surroundings = Pick<Circumstances, 'walletTags' | 'destinationKinds'>;

interface Past {
  readonly rows: readonly RequestRow[];
  readonly rules: readonly PolicyRuleInput[];
}

/** Asks for the tags of the wallets, and for what is known of the recipients, where some rule reads any. */
export async function askSurroundings(
  deps: OrchestratorDeps,
  request: SimulationRequest,
  { rows, rules }: Past,
): Promise<(row: RequestRow) => Surroundings> {
  const readsTags = rules.some(({ when }) => when.walletTags !== undefined);
  const readsKinds = rules.some(({ when }) => when.destinationKinds !== undefined);
  const tags = await answers(readsTags ? rows : [], walletKey, (row) => askTags(deps, request, row));
  const kinds = await answers(readsKinds ? rows : [], recipientKey, (row) => askKinds(deps, request, row));
  return (row) => ({
    walletTags: tags.get(walletKey(row)) ?? [],
    destinationKinds: kinds.get(recipientKey(row)) ?? [],
  });
}

const AT_ONCE = 16;

/** One question for each key, a few at a time. */
async function answers<T>(
  rows: readonly RequestRow[],
  keyOf: (row: RequestRow) => string,
  ask: (row: RequestRow) => Promise<T>,
): Promise<ReadonlyMap<string, T>> {
  const found = new Map<string, T>();
  const questions = [...new Map(rows.map((row) => [keyOf(row), row]))];
  for (let begin = 0; begin < questions.length; begin += AT_ONCE) {
    const some = questions.slice(begin, begin + AT_ONCE);
    const answered = await Promise.all(some.map(async ([key, row]) => [key, await ask(row)] as const));
    for (const [key, answer] of answered) found.set(key, answer);
  }
  return found;
}

function walletKey({ wallet_id }: RequestRow): string {
  return wallet_id;
}

function recipientKey(row: RequestRow): string {
  return [row.chain_id, row.to_address, ...initiatorIdsOf(row)].join(' ');
}

async function askTags(
  deps: OrchestratorDeps,
  { requestId }: SimulationRequest,
  { tenant_id: tenantId, wallet_id: walletId, asset_id: assetId }: RequestRow,
): Promise<readonly string[]> {
  const { wallet } = await askWallet(deps, { tenantId, walletId, assetId, requestId });
  return wallet?.tags ?? [];
}

async function askKinds(deps: OrchestratorDeps, { requestId }: SimulationRequest, row: RequestRow) {
  const question = { intent: row.intent, initiatorIds: initiatorIdsOf(row), requestId };
  return (await askDestination(deps, question)).kinds;
}
