import type { CommandData } from '@ironforge/contracts';
import { present } from '@ironforge/kernel';
import { type Command, causeOfMessage, type EffectHandler } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import type { Chain } from '../chains.ts';
import type { WatcherDeps } from '../deps.ts';
import { findCursor, holdCursor } from '../queries/chain-cursors.ts';
import { lowerMinedCounts } from '../queries/mined-counts.ts';
import { findSpentByHash } from '../queries/spent-nonces.ts';
import { nameRequest } from '../queries/transactions.ts';
import {
  insertWatchAttempt,
  listRequestAttempts,
  noteHad,
  type WatchAttempt,
} from '../queries/watch-attempts.ts';
import { findWatch, FIRST_VERSION, insertWatch, type Watch, winWatches } from '../queries/watches.ts';
import { laneIn, type SendOutcome } from '../messages.ts';
import { canonicalAddress } from './canonical-address.ts';
import { placeInTime, sendUnlessOutdated } from './outdated.ts';
import type { Sending } from './send-bytes.ts';

/**
 * Watches a signed payload, sends it, and answers with what the nodes said and what the chain shows now.
 * The watch is stored first: from then on a block that holds the payload is noticed, whatever becomes of this process.
 */
export function txBroadcast(deps: WatcherDeps): EffectHandler<'tx_broadcast'> {
  return async (command) => {
    const { chainId, attemptId } = command.data;
    const chain = deps.chains.get(chainId);
    const { watch, ...known } = await register(deps, chain, command);
    const sending = { chain, command, ...known };
    const outcome = watch.depth === 'none' ? await sendUnlessOutdated(deps, sending) : ACCEPTED;
    if (outcome === 'outdated') return async () => {};
    return async (tx) => {
      const cursor = present(await holdCursor(tx, chainId), 'the cursor of a followed chain');
      const seen = {
        chainId: cursor.chainId,
        height: cursor.height,
        cause: causeOfMessage(command, SERVICE),
      };
      const sent = { tenantId: command.tenantid, command: command.data, outcome };
      noteHad(tx, { tenantId: command.tenantid, attemptId, isHad: 'accepted' in outcome });
      const shown = await presentState(tx, command);
      const answer = deps.messages.txAnswered(seen, sent);
      const lane = laneIn(command.data);
      deps.outbox.add(tx, isNews(shown) ? [answer, deps.messages.txObserved(seen, shown, lane)] : [answer]);
    };
  };
}

/** Before its first change a watch has nothing to tell that the answer does not. */
function isNews({ version }: Watch): boolean {
  return version > FIRST_VERSION;
}

const SERVICE = 'chain-watcher';
const ACCEPTED: SendOutcome = { accepted: true };

/** The watch of a payload, whether some node had its bytes before, and whether its chain is stopped. */
interface Registered extends Pick<Sending, 'hadBefore' | 'stopReason'> {
  readonly watch: Watch;
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
    newest_command: placeInTime(command),
  };
  return await deps.store.system('chain_watcher').together('watches', async (tx) => {
    insertWatch(tx, request);
    insertWatchAttempt(tx, { ...request, ...payload });
    const [found, attempts, cursor] = await Promise.all([
      findWatch(tx, command.tenantid, requestId),
      listRequestAttempts(tx, command.tenantid, requestId),
      findCursor(tx, chainId),
    ]);
    const watch = present(found, 'the watch just stored');
    const { tenant_id } = request;
    if (watch.depth === 'none') await lowerMinedCounts(tx, chainId, [{ ...payload, tenant_id }]);
    const known = attempts.find(({ attempt_id }) => attempt_id === attemptId);
    const hadBefore = (known?.had_at ?? null) !== null;
    return { watch, hadBefore, stopReason: cursor?.stopReason ?? null };
  });
}

/**
 * What the chain shows of the request. A signer may have sent the payload himself, and its block may have come before the
 * watch: then the spent nonce tells. The cursor is held by the caller, so that no block passes between the two.
 */
async function presentState(tx: Tx, { tenantid, data }: Command<'tx_broadcast'>): Promise<Watch> {
  const [found, attempts] = await Promise.all([
    findWatch(tx, tenantid, data.requestId),
    listRequestAttempts(tx, tenantid, data.requestId),
  ]);
  const watch = present(found, 'the watch stored before sending');
  if (watch.depth !== 'none') return watch;
  return (await adoptMined(tx, { tenantId: tenantid, data, attempts })) ?? watch;
}

async function adoptMined(
  tx: Tx,
  {
    tenantId,
    data: { chainId, requestId },
    attempts,
  }: {
    readonly tenantId: string;
    readonly data: CommandData<'tx_broadcast'>;
    readonly attempts: readonly WatchAttempt[];
  },
): Promise<Watch | undefined> {
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
