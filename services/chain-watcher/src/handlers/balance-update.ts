import { postponed, reasonToPostpone } from '@ironforge/bus';
import { type Command, causeOfMessage, type EffectHandler, type EventMessage } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import type { Chain } from '../chains.ts';
import type { WatcherDeps } from '../deps.ts';
import { type Readings, readBalances, readPending } from '../follow/balances.ts';
import { holdingKey, type Touched } from '../follow/plan-block.ts';
import { isOurs } from '../follow/is-ours.ts';
import type { Seen, WalletPlace } from '../messages.ts';
import { findUnmarked, insertMarks } from '../queries/balance-marks.ts';
import { noteRead } from '../queries/balance-reads.ts';
import {
  closeQuestion,
  isOutdatedQuestion,
  noteQuestion,
  type Question,
} from '../queries/balance-questions.ts';
import { type CursorState, findCursor, holdCursor } from '../queries/chain-cursors.ts';
import { listTenantAssets } from '../queries/watched-assets.ts';
import { askChain } from './ask-chain.ts';
import { canonicalAddress } from './canonical-address.ts';
import { placeInTime } from './outdated.ts';

/**
 * Reads a wallet's balances, native and of every token its tenant follows, or those that are named, right after the newest
 * block that we applied.
 * A later block that changes them tells so by itself, with a higher version; so nothing needs to be held meanwhile. A command
 * that names balances and would have to wait is let go when a newer one asks for each of them.
 */
export function balanceUpdate(deps: WatcherDeps): EffectHandler<'balance_update'> {
  const update = updating(deps);
  return async (command) => {
    try {
      return await update(command);
    } catch (error) {
      if (reasonToPostpone(error) === null || !(await isOutdated(deps, command))) throw error;
      return async () => {};
    }
  };
}

async function isOutdated({ store }: WatcherDeps, command: Command<'balance_update'>): Promise<boolean> {
  const question = questionOf(command);
  if (question === null) return false;
  return await store.system('chain_watcher').read((tx) => isOutdatedQuestion(tx, question));
}

/** Null for a command that reads all of a wallet's balances: what it cannot read it asks for by name. */
function questionOf(command: Command<'balance_update'>): Question | null {
  const { walletId, assetIds } = command.data;
  if (assetIds === undefined) return null;
  return { tenantId: command.tenantid, walletId, assetIds, command: placeInTime(command) };
}

function updating(deps: WatcherDeps): EffectHandler<'balance_update'> {
  return async (command) => {
    const chain = deps.chains.get(command.data.chainId);
    const { cursor, wallet, holdings } = await lookUp(deps, chain, command);
    if (cursor.height < command.data.minHeight) throw postponed(`the watcher is at ${cursor.height} yet`);
    const amounts = await askChain(() => readBalances(chain, cursor.hash, holdings));
    if (amounts.size === 0 && holdings.length > 0)
      throw postponed('the node tells no balance at the newest block');
    return async (tx) => {
      const question = questionOf(command);
      if (question !== null) await closeQuestion(tx, question);
      await markFirst(tx, chain, { cursor, holdings, amounts });
      if (!(await noteRead(tx, { ...cursor, wallet })))
        throw postponed(`block ${cursor.height} was undone while balances were read after it`);
      const pendingOf = await readPending(tx, chain, { height: cursor.height, holdings });
      const { chainId, height, hash: blockHash, version } = cursor;
      const seen = { chainId, height, cause: causeOfMessage(command, 'chain-watcher') };
      const told = holdings.flatMap((holding) => {
        const amount = amounts.get(holdingKey(holding));
        if (amount === undefined) return [];
        const observation = { ...holding, amount, pending: pendingOf(holding), blockHash, version };
        return [deps.messages.balanceObserved(seen, observation)];
      });
      deps.outbox.add(tx, [...told, ...askAgain(deps, seen, { holdings, amounts })]);
    };
  };
}

/** What the node would not tell waits by itself, so that one broken token keeps nothing else back. */
function askAgain(
  { messages }: WatcherDeps,
  seen: Seen,
  { holdings, amounts }: Pick<LookUp, 'holdings'> & { readonly amounts: Readings },
): EventMessage[] {
  const unread = holdings.filter((holding) => !amounts.has(holdingKey(holding)));
  const [first] = unread;
  if (first === undefined) return [];
  return [
    messages.readBalances(
      seen,
      first,
      unread.map(({ asset_id }) => asset_id),
    ),
  ];
}

/** From here on every change of these balances is to be explained, unless it was before; the cursor is held meanwhile. */
async function markFirst(
  tx: Tx,
  { config }: Chain,
  { cursor, holdings, amounts }: Omit<LookUp, 'wallet'> & { readonly amounts: Readings },
): Promise<void> {
  const held = holdings.flatMap((holding) => {
    const amount = amounts.get(holdingKey(holding));
    return amount === undefined ? [] : [{ ...holding, amount }];
  });
  const unmarked = await findUnmarked(tx, held);
  if (unmarked.length === 0) return;
  const now = await holdCursor(tx, cursor.chainId);
  if (now === undefined || !(await isOurs(tx, now, cursor))) return;
  const { chainId, nativeAssetId } = config;
  await insertMarks(tx, { chainId, nativeAssetId, height: cursor.height }, unmarked);
}

interface LookUp {
  readonly cursor: CursorState;
  readonly wallet: WalletPlace;
  readonly holdings: readonly Touched[];
}

async function lookUp(deps: WatcherDeps, chain: Chain, command: Command<'balance_update'>): Promise<LookUp> {
  const { chainId, nativeAssetId } = chain.config;
  return await deps.store.system('chain_watcher').transaction(async (tx) => {
    const cursor = await findCursor(tx, chainId);
    if (cursor === undefined) throw postponed(`no block of ${chainId} was read yet`);
    const question = questionOf(command);
    if (question !== null) await noteQuestion(tx, question);
    const tokens = await listTenantAssets(tx, command.tenantid, chainId);
    const address = canonicalAddress(chain, command.data.address);
    const wallet = { tenant_id: command.tenantid, wallet_id: command.data.walletId, address };
    const all = [nativeAssetId, ...tokens.map(({ asset_id }) => asset_id)];
    const { assetIds: named } = command.data;
    const assetIds = all.filter((assetId) => named?.includes(assetId) ?? true);
    return { cursor, wallet, holdings: assetIds.map((asset_id) => ({ ...wallet, asset_id })) };
  });
}
