import { setTimeout as sleep } from 'node:timers/promises';
import type { TreeHead } from '@ironforge/audit-log';
import { appError, type ReportFinding } from '@ironforge/contracts';
import type { Store } from '@ironforge/store';
import { findNewestHead, type SignedLog } from '../seal/signed-head.ts';
import type { Moves } from './ask-watcher.ts';
import { compareChain } from './compare-chain.ts';
import { namePruned } from './name-pruned.ts';
import { toldByEntries } from './told-by-entries.ts';

/** What was compared, and in what it differs. */
export interface Comparison {
  readonly findings: readonly ReportFinding[];
  /** The head of the log whose entries were compared, as its checkpoint has signed it. */
  readonly head: TreeHead;
  /** So many requests and deposits the entries tell of these blocks. */
  readonly entries: number;
}

/** So often what differs is looked at once more before it is told: its entry may be on its way, or another be sealed just now. */
const READINGS = 3;
const PAUSE_MS = 1_000;

/** Compares what blocks hold with the entries under the newest checkpoint. Throws `not_found` where the key has signed none. */
export async function compareWithLog(
  store: Store,
  { chainId, ...log }: SignedLog & { readonly chainId: string },
  moves: Moves,
): Promise<Comparison> {
  for (let reading = 1; ; reading += 1) {
    const compared = await compareNow();
    const open = compared.findings.filter(({ kind }) => kind !== 'entry_pruned');
    if (open.length === moves.differences.length || reading === READINGS) return compared;
    await sleep(PAUSE_MS);
  }

  async function compareNow(): Promise<Comparison> {
    const { tenantId } = log;
    return await store.forTenant(tenantId).transaction(
      async (tx) => {
        const head = await findNewestHead(tx, log);
        if (head === null)
          throw appError('not_found', { detail: 'no checkpoint is signed by the key of this log' });
        const hashes = [...moves.sent, ...moves.received].map(({ txHash }) => txHash);
        const wanted = { chainId, from: moves.from, to: moves.to, hashes, head };
        const told = await toldByEntries(tx, tenantId, wanted);
        const entries = told.requests.length + told.deposits.length + told.outside.length;
        return { findings: await namePruned(tx, log, compareChain(moves, told)), head, entries };
      },
      { isolation: 'read committed' },
    );
  }
}
