import type { Refused } from '@ironforge/immudb';
import { mayRetry, type TenantId } from '@ironforge/kernel';
import { holdCopier, releaseCopier } from '../queries/audit-copiers.ts';
import { tenantsBehind } from '../queries/audit-copies.ts';
import { type CopyDeps, copyPart } from './copy-part.ts';
import type { TenantTrouble, TenantTroubles } from './tenant-troubles.ts';

/** Who copies, and for how long he has the right to when he dies. */
export interface RoundDeps extends CopyDeps {
  /** This process, among those that copy. */
  readonly holder: string;
  readonly leaseMs: number;
  readonly troubles: TenantTroubles;
}

/** `done`: nothing was left but what rests for a trouble of its own. `busy`: another process copies. `stopped`: the signal was raised before the end. */
export type RoundResult = 'done' | 'busy' | 'stopped' | Refused;

/** Copies what is behind of all tenants, a part of each in turn, so that none waits for the backlog of another. */
export async function copyBehind(deps: RoundDeps, signal: AbortSignal): Promise<RoundResult> {
  const { store, ledger, holder, leaseMs } = deps;
  const scope = store.system('audit_copier');
  const claim = { database: ledger.database, holder, leaseMs };
  const keep = createKeep(leaseMs, () => scope.transaction((tx) => holdCopier(tx, claim), READ_COMMITTED));
  if (!(await keep())) return 'busy';
  try {
    const behind = await scope.read((tx) => tenantsBehind(tx, ledger.database));
    const tenants = deps.troubles.toTry(behind.map((row) => row.tenant_id));
    return await copyInTurn(deps, tenants, async () => !signal.aborted && (await keep()));
  } finally {
    // One that cannot be given back ends by itself, and what went wrong before is what must be told.
    const released = scope.transaction((tx) => releaseCopier(tx, claim), READ_COMMITTED);
    await released.catch(() => undefined);
  }
}

const READ_COMMITTED = { isolation: 'read committed' } as const;

/** Keeps a lease: it is renewed when a third of its time has gone. False once it is another's. */
function createKeep(leaseMs: number, hold: () => Promise<boolean>): () => Promise<boolean> {
  let renewAt = 0;
  return async () => {
    if (performance.now() < renewAt) return true;
    const askedAt = performance.now();
    const isHeld = await hold();
    if (isHeld) renewAt = askedAt + leaseMs / 3;
    return isHeld;
  };
}

/** A tenant whose log is copied leaves the round, and one that has a trouble of its own. */
async function copyInTurn(
  deps: RoundDeps,
  tenants: Set<TenantId>,
  mayGoOn: () => Promise<boolean>,
): Promise<RoundResult> {
  while (tenants.size > 0) {
    for (const tenantId of tenants) {
      if (!(await mayGoOn())) return 'stopped';
      const result = await partOf(deps, tenantId);
      if (isOfServer(result)) return result;
      if (typeof result === 'object') deps.troubles.met(tenantId, result);
      else deps.troubles.copied(tenantId);
      if (result !== 'more') tenants.delete(tenantId);
    }
  }
  return 'done';
}

/** What goes wrong with one log, for a tile or a key of it cannot be read, holds up no other; what passes by itself is no trouble of a log. */
async function partOf(deps: CopyDeps, tenantId: TenantId): Promise<PartResult | TenantTrouble> {
  try {
    return await copyPart(deps, tenantId);
  } catch (error) {
    if (mayRetry(error)) throw error;
    return { failed: error };
  }
}

/** That a key holds another value is about the tenant whose key it is; every other refusal is about the server. */
function isOfServer(result: PartResult | TenantTrouble): result is Refused {
  return typeof result === 'object' && 'refused' in result && result.refused.reason !== 'other_value';
}

type PartResult = Awaited<ReturnType<typeof copyPart>>;
