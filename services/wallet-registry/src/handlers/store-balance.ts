import { branded, type TenantId } from '@ironforge/kernel';
import { causeOfMessage, type DomainEvent, type StateHandler } from '@ironforge/service-kit';
import type { RegistryDeps } from '../deps.ts';
import { type Observation, storeObservation } from '../queries/token-balances.ts';

type Observed = DomainEvent<'wallet.balance_observed'>;

/** `wallet.balance_observed`: the newer version wins, and a change of the amount is told. */
export function storeBalance(deps: RegistryDeps): StateHandler<'wallet.balance_observed'> {
  return async (tx, event) => {
    const observation = observationOf(event);
    const before = await storeObservation(tx, observation);
    const outcome = outcomeOf(before, observation.amount);
    tx.afterCommit(() => deps.telemetry.balanceObserved(outcome));
    if (before !== null && outcome === 'changed') deps.outbox.add(tx, [balanceChanged(deps, event, before)]);
  };
}

function observationOf({ tenantid, time, data }: Observed): Observation {
  return {
    tenant_id: tenantid,
    wallet_id: data.walletId,
    asset_id: data.assetId,
    amount: BigInt(data.amount),
    pending: BigInt(data.pending),
    block_height: BigInt(data.blockHeight),
    block_hash: data.blockHash,
    version: BigInt(data.version),
    as_of: new Date(time),
  };
}

function outcomeOf(before: bigint | null, now: bigint): 'changed' | 'same' | 'old' {
  if (before === null) return 'old';
  return before === now ? 'same' : 'changed';
}

function balanceChanged({ events }: RegistryDeps, event: Observed, before: bigint) {
  const { walletId, chainId, assetId, amount, blockHeight, version } = event.data;
  return events.event('wallet.balance_changed', {
    tenantId: branded<TenantId>(event.tenantid),
    subject: walletId,
    version: 1,
    cause: causeOfMessage(event, 'wallet-registry'),
    data: {
      walletId,
      chainId,
      assetId,
      oldBalance: String(before),
      newBalance: amount,
      blockHeight,
      version,
    },
  });
}
