import { branded, type TenantId } from '@ironforge/kernel';
import type { Tx } from '@ironforge/store';
import { isTakenBack, prevailing } from '@ironforge/tx-core';
import type { OrchestratorDeps } from '../deps.ts';
import { broadcastCommand } from '../lanes/send-window.ts';
import { findHeights } from '../queries/chain-cursors.ts';
import { listUnheard, type RequestPlace } from '../queries/overdue-requests.ts';
import { findAttempts } from '../queries/tx-attempts.ts';
import { lockRequest, noteAsked, type RequestRow } from '../queries/tx-requests.ts';
import { BATCH, eachPlace, OWN_CAUSE, type SweepDeps } from './each-place.ts';

/**
 * After so many blocks without a word about a request that is not final, the watcher is asked. What is in no block is
 * asked for sooner: the nodes may have dropped it, and asking sends it again. What is deep enough is asked for only when its
 * block is final for some blocks, since nothing is to be told of it before, and what is told then takes a moment.
 */
const SILENT_BLOCKS = { unmined: 4, mined: 16, final: 4 };

interface Silent extends RequestPlace {
  readonly head: number;
}

/** Asks the watcher about requests that it was silent about: every command to send is answered with what it sees now. */
export async function askAnew(deps: SweepDeps): Promise<void> {
  const silent = await deps.store
    .system('request_sweeper')
    .transaction((tx) => listSilent(tx, deps.passedOver.names()), { isolation: 'read committed' });
  await eachPlace(deps, silent, (place) => ask(deps, place));
}

async function listSilent(tx: Tx, except: readonly string[]): Promise<Silent[]> {
  const silent: Silent[] = [];
  for (const [chainId, { head, finalized }] of await findHeights(tx)) {
    const belowUnmined = head - SILENT_BLOCKS.unmined;
    const belowMined = head - SILENT_BLOCKS.mined;
    const finalUpTo = finalized - SILENT_BLOCKS.final;
    const silence = { chainId, belowUnmined, belowMined, finalUpTo };
    const places = await listUnheard(tx, { ...silence, except, count: BATCH });
    silent.push(...places.map((place) => ({ ...place, head })));
  }
  return silent;
}

async function ask(deps: OrchestratorDeps, { tenantId, id, head }: Silent): Promise<void> {
  await deps.store.forTenant(branded<TenantId>(tenantId)).transaction(
    async (tx) => {
      const row = await lockRequest(tx, tenantId, id);
      if (row === undefined) return;
      noteAsked(tx, row, head);
      const attempt = await attemptToAskFor(tx, row);
      if (attempt !== undefined) deps.outbox.add(tx, [broadcastCommand(deps, attempt, OWN_CAUSE)]);
    },
    { isolation: 'read committed' },
  );
}

/** The one in a block, or else the newest that was sent; never one that was held back, nor a payment that was taken back. */
async function attemptToAskFor(tx: Tx, { tenant_id, id, state }: RequestRow) {
  const { winner } = prevailing(state.sightings);
  const sent = state.attempts.filter(({ dispatched }) => dispatched);
  const mined = sent.find((attempt) => winner?.by === 'attempt' && winner.attemptId === attempt.id);
  const chosen = mined ?? sent.findLast(({ kind }) => kind === 'cancel' || !isTakenBack(state));
  const attempts = await findAttempts(tx, tenant_id, [id]);
  return attempts.find((attempt) => attempt.id === chosen?.id && attempt.raw !== null);
}
