import type { CommandData } from '@ironforge/contracts';
import { present } from '@ironforge/kernel';
import { type Command, causeOfMessage, type EffectHandler } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import type { Chain } from '../chains.ts';
import type { WatcherDeps } from '../deps.ts';
import { holdCursor } from '../queries/chain-cursors.ts';
import { lowerMinedCounts } from '../queries/mined-counts.ts';
import { findSpentByHash } from '../queries/spent-nonces.ts';
import { nameRequest } from '../queries/transactions.ts';
import { insertWatchAttempt, listRequestAttempts, noteHad } from '../queries/watch-attempts.ts';
import { findWatch, insertWatch, type Watch, winWatches } from '../queries/watches.ts';
import type { SendOutcome } from '../messages.ts';
import { canonicalAddress } from './canonical-address.ts';
import { send } from './send-bytes.ts';

/**
 * Watches a signed payload, sends it, and answers with what the nodes said and what the chain shows now.
 * The watch is stored first: from then on a block that holds the payload is noticed, whatever becomes of this process.
 */
export function txBroadcast(deps: WatcherDeps): EffectHandler<'tx_broadcast'> {
  return async (command) => {
    const { chainId, attemptId } = command.data;
    const chain = deps.chains.get(chainId);
    const { watch, hadBefore } = await register(deps, chain, command);
    const outcome = watch.depth === 'none' ? await send(deps, { chain, command, hadBefore }) : ACCEPTED;
    return async (tx) => {
      const cursor = present(await holdCursor(tx, chainId), 'the cursor of a followed chain');
      const seen = {
        chainId: cursor.chainId,
        height: cursor.height,
        cause: causeOfMessage(command, SERVICE),
      };
      const sent = { tenantId: command.tenantid, command: command.data, outcome };
      await noteHad(tx, { tenantId: command.tenantid, attemptId, isHad: 'accepted' in outcome });
      const shown = await presentState(tx, command);
      await deps.outbox.add(tx, [
        deps.messages.txAnswered(seen, sent),
        deps.messages.txObserved(seen, shown),
      ]);
    };
  };
}

const SERVICE = 'chain-watcher';
const ACCEPTED: SendOutcome = { accepted: true };

/** The watch of a payload, and whether some node had its bytes before. */
interface Registered {
  readonly watch: Watch;
  readonly hadBefore: boolean;
}

/** Stores the watch and gives it back as it stands; a second time it only gives it back. */
async function register(
  deps: WatcherDeps,
  chain: Chain,
  command: Command<'tx_broadcast'>,
): Promise<Registered> {
  const { requestId, attemptId, chainId, address, nonce, raw, txHash } = command.data;
  const request = { tenant_id: command.tenantid, tx_request_id: requestId, chain_id: chainId };
  const payload = {
    attempt_id: attemptId,
    address: canonicalAddress(chain, address),
    nonce,
    raw,
    tx_hash: txHash,
  };
  return await deps.store.system('chain_watcher').transaction(async (tx) => {
    await insertWatch(tx, request);
    await insertWatchAttempt(tx, { ...request, ...payload });
    const watch = present(await findWatch(tx, command.tenantid, requestId), 'the watch just stored');
    const { tenant_id } = request;
    if (watch.depth === 'none') await lowerMinedCounts(tx, chainId, [{ ...payload, tenant_id }]);
    const attempts = await listRequestAttempts(tx, command.tenantid, requestId);
    const known = attempts.find(({ attempt_id }) => attempt_id === attemptId);
    return { watch, hadBefore: (known?.had_at ?? null) !== null };
  });
}

/**
 * What the chain shows of the request. A signer may have sent the payload himself, and its block may have come before the
 * watch: then the spent nonce tells. The cursor is held by the caller, so that no block passes between the two.
 */
async function presentState(tx: Tx, { tenantid, data }: Command<'tx_broadcast'>): Promise<Watch> {
  const watch = present(await findWatch(tx, tenantid, data.requestId), 'the watch stored before sending');
  if (watch.depth !== 'none') return watch;
  return (await adoptMined(tx, tenantid, data)) ?? watch;
}

async function adoptMined(
  tx: Tx,
  tenantId: string,
  data: CommandData<'tx_broadcast'>,
): Promise<Watch | undefined> {
  const { chainId, requestId } = data;
  const attempts = await listRequestAttempts(tx, tenantId, requestId);
  const txHashes = attempts.map((attempt) => attempt.tx_hash);
  const spent = await findSpentByHash(tx, tenantId, { chainId, txHashes });
  const winner = attempts.find((attempt) => attempt.tx_hash === spent?.tx_hash);
  if (spent === undefined || winner === undefined) return undefined;
  await nameRequest(tx, { tenantId, chainId, txHash: winner.tx_hash, requestId });
  const [won] = await winWatches(tx, [
    {
      tenant_id: tenantId,
      tx_request_id: requestId,
      depth: spent.depth,
      winner_attempt_id: winner.attempt_id,
      winner_tx_hash: winner.tx_hash,
      winner_success: present(spent.success, 'success of a mined transaction'),
      winner_fee_paid: present(spent.fee_paid, 'fee of a mined transaction'),
      block_height: Number(present(spent.block_height, 'height of a mined transaction')),
      block_hash: present(spent.block_hash, 'block of a mined transaction'),
    },
  ]);
  return won;
}
