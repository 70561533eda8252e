import type { ChainFailure } from '@ironforge/chain-core';
import { costsOf } from '@ironforge/chain-evm';
import { postponed } from '@ironforge/bus';
import type { CommandData, StopReason } from '@ironforge/contracts';
import { hasCode } from '@ironforge/kernel';
import type { Command } from '@ironforge/service-kit';
import type { Chain } from '../chains.ts';
import type { WatcherDeps } from '../deps.ts';
import type { SendOutcome } from '../messages.ts';
import { listTenantAssets } from '../queries/watched-assets.ts';
import { askChain } from './ask-chain.ts';
import { canonicalAddress } from './canonical-address.ts';
import { toldRefusal } from '../told-refusal.ts';

/** Bytes that are to be sent, and whether some node had them before. */
export interface Sending {
  readonly chain: Chain;
  readonly command: Command<'tx_broadcast'>;
  readonly hadBefore: boolean;
  /** Why the chain is stopped; null while it is not. */
  readonly stopReason: StopReason | null;
}

/**
 * Sends signed bytes. What some node had and none has any more is sent at once and told as evicted: the next command, which
 * follows within seconds, is told whether it stayed. What its sender cannot pay for is not sent as long as nobody has it.
 * What never left is told nothing of: the command waits until it can. A line that broke after the bytes may have left is of
 * unknown outcome, unless a node had them before. While the chain is stopped nothing is sent: nobody knows what became of
 * the blocks that these bytes were signed on.
 */
export async function send(deps: WatcherDeps, sending: Sending): Promise<SendOutcome> {
  const { chain, command, hadBefore, stopReason } = sending;
  if (stopReason !== null) throw postponed(`the chain is stopped: ${stopReason}`);
  const { raw, txHash } = command.data;
  if (hadBefore && (await isGone(chain, command.data))) {
    await askChain(() => chain.node.broadcast(raw, txHash));
    return { evicted: true };
  }
  const short = hadBefore ? null : await shortfall(deps, sending);
  if (short !== null && (await isGone(chain, command.data))) return { refused: short };
  const outcome = await askChain(() => chain.node.broadcast(raw, txHash));
  if ('refused' in outcome && isNoNews(outcome.refused, hadBefore)) throw postponed(outcome.refused.detail);
  return outcome;
}

/** Nothing was sent, or nobody can say whether what a node had before is there. */
function isNoNews(refused: ChainFailure, hadBefore: boolean): boolean {
  const told = toldRefusal(refused);
  return told === null || (told === 'outcome_unknown' && hadBefore);
}

/** True when so many endpoints as the quorum wants do not know the hash; while too few answer it is not gone. */
async function isGone({ node }: Chain, { txHash }: CommandData<'tx_broadcast'>): Promise<boolean> {
  return (await unlessDown(() => node.find(txHash)))?.state === 'unknown';
}

/** Why the sender cannot pay at the head: nodes look at the coin alone, and a token that lacks would revert. */
async function shortfall(deps: WatcherDeps, { chain, command }: Sending): Promise<ChainFailure | null> {
  const costs = await knownCosts(deps, { chain, command });
  const held = (await unlessDown(() => chain.node.balancesNow(costs))) ?? [];
  const lacking = costs.find(({ amount }, index) => (held[index] ?? amount) < amount);
  return lacking === undefined
    ? null
    : { reason: 'insufficient_funds', detail: `not enough of ${lacking.assetId}` };
}

/** A contract that the tenant does not know as a token may mean anything by `transfer`. */
async function knownCosts({ store }: WatcherDeps, { chain, command }: Pick<Sending, 'chain' | 'command'>) {
  const { raw, address } = command.data;
  const costs = costsOf(chain.config, { raw, address: canonicalAddress(chain, address) });
  const { nativeAssetId, chainId } = chain.config;
  const isToken = ({ assetId }: { readonly assetId: string }) => assetId !== nativeAssetId;
  if (!costs.some(isToken)) return costs;
  const known = await store
    .system('chain_watcher')
    .read((tx) => listTenantAssets(tx, command.tenantid, chainId));
  const ids = known.map(({ asset_id }) => asset_id);
  return costs.filter((cost) => !isToken(cost) || ids.includes(cost.assetId));
}

/** What is looked up beside the sending itself keeps nothing from being sent. */
async function unlessDown<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (hasCode(error, 'dependency_down')) return null;
    throw error;
  }
}
