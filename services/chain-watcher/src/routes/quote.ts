import type { Quote } from '@ironforge/chain-core';
import { appError, INTERNAL_ROUTES } from '@ironforge/contracts';
import { type BoundRoute, bindForServices } from '@ironforge/service-kit';
import type { Chain } from '../chains.ts';
import type { WatcherDeps } from '../deps.ts';
import { findCursor } from '../queries/chain-cursors.ts';
import { type MinedCount, noteQuotedCount } from '../queries/mined-counts.ts';

/** Says to other services what the chain says now about one transfer; nothing while the chain is stopped. */
export function quote(deps: WatcherDeps): BoundRoute {
  return bindForServices(INTERNAL_ROUTES.quote, async ({ body: { chainId, ...transfer } }) => {
    const chain = deps.chains.get(chainId);
    if (!chain.codec.isTransferable(transfer.assetId)) return appError('unknown_asset');
    const from = addressAt(chain, '/from', transfer.from);
    const to = addressAt(chain, '/to', transfer.to);
    const [quoted] = await Promise.all([
      chain.node.quote({ ...transfer, from, to }),
      refuseWhenStopped(deps, chainId),
    ]);
    await remember(deps, chainId, { address: from, count: quoted.minedCount });
    return { status: 200, body: show(chain, quoted) };
  });
}

/** Whoever signs by a quote would sign on a chain of which nobody knows what became of it. */
async function refuseWhenStopped({ store }: WatcherDeps, chainId: string): Promise<void> {
  const cursor = await store.system('chain_watcher').read((tx) => findCursor(tx, chainId));
  const reason = cursor?.stopReason ?? null;
  if (reason !== null) throw appError('chain_stopped', { retry: 'later', detail: reason });
}

/** Nobody takes a nonce before he was told a count, so what spends those above it is looked for from then on. */
async function remember({ store }: WatcherDeps, chainId: string, told: MinedCount): Promise<void> {
  await store.system('chain_watcher').together('quotes', (tx) => noteQuotedCount(tx, chainId, told));
}

function addressAt({ codec }: Chain, pointer: string, text: string): string {
  const parsed = codec.parseAddress(text);
  if ('address' in parsed) return parsed.address;
  throw appError('validation_failed', {
    errors: [{ pointer, code: parsed.rejected, detail: parsed.detail }],
  });
}

function show({ config }: Chain, { head, fees: { standard }, ...quoted }: Quote) {
  return {
    feeModel: config.feeModel,
    standard: {
      maxFeePerGas: standard.maxFeePerGas.toString(),
      maxPriorityFeePerGas: standard.maxPriorityFeePerGas.toString(),
    },
    gasLimit: Number(quoted.gasLimit),
    failure: quoted.failure,
    minedCount: quoted.minedCount,
    nativeBalance: quoted.nativeBalance.toString(),
    assetBalance: quoted.assetBalance.toString(),
    head: { ...head, time: head.time.toISOString() },
  };
}
