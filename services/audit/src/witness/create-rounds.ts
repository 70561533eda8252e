import type { Logger, TenantId } from '@ironforge/kernel';
import { unwitnessedLogs } from '../queries/audit-witness-turns.ts';
import type { Telemetry } from '../telemetry.ts';
import { type TurnDeps, takeTurn } from './take-turn.ts';
import type { Told, Telling } from './telling.ts';
import type { Witness } from './witness.ts';

/** What asking a witness stands on. */
export interface AskDeps extends TurnDeps {
  readonly log: Logger;
  readonly telling: Telling;
  readonly telemetry: Pick<Telemetry, 'entriesUnwitnessed' | 'witnessTurn'>;
}

const LOGS_AT_ONCE = 4;

/** Makes a round: it asks a witness about each log whose turn has come, a few at once. */
export function createRounds(deps: AskDeps, witness: Witness): () => Promise<void> {
  const { name } = witness.key;
  return async () => {
    const claim = { witness: name, paceMs: deps.paceMs };
    const logs = await deps.store.system('audit_witnesses').read((tx) => unwitnessedLogs(tx, claim));
    const entries = logs.reduce((total, log) => total + Math.max(0, Number(log.entries)), 0);
    deps.telemetry.entriesUnwitnessed(name, entries);
    const due = logs.filter((log) => log.is_due).map((log) => log.tenant_id);
    const queue = due.values();
    await Promise.all(Array.from({ length: LOGS_AT_ONCE }, () => askInTurn(queue)));
  };

  /** Who is away is asked about no further log of this round. */
  async function askInTurn(tenantIds: Iterable<TenantId>): Promise<void> {
    for (const tenantId of tenantIds) {
      const outcome = await turnOf(tenantId);
      if (deps.stop.aborted) return;
      deps.telemetry.witnessTurn(name, outcome.state);
      deps.telling.tell(tenantId, outcome);
      if (outcome.state === 'away') return;
    }
  }

  /** A log that cannot be proved, for a tile of it is missing, holds up no other. */
  async function turnOf(tenantId: TenantId): Promise<Told> {
    try {
      return await takeTurn(deps, { witness, tenantId });
    } catch (error) {
      return { state: 'failed', error };
    }
  }
}
