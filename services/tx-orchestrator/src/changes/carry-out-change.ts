import { type changeReason, changeStatus } from '@ironforge/contracts';
import type { ChangeRow } from '@ironforge/schema';
import type { Cause } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import {
  type ChangeCommand,
  type ChangeEvent,
  type ChangeRejection,
  decideChange,
  evolveChange,
} from '@ironforge/tx-core';
import type { z } from 'zod';
import type { OrchestratorDeps } from '../deps.ts';
import { updateChange } from '../queries/changes.ts';
import { readNow } from '../queries/now.ts';
import { changeMessage } from './tell-change.ts';

/** Why a change could not be applied. */
export type ChangeReason = z.output<typeof changeReason>;

/** A command for one change that is locked. */
export interface ChangeOrder {
  readonly row: ChangeRow;
  readonly command: ChangeCommand;
  readonly cause: Cause;
  readonly approverId?: string;
  readonly reason?: ChangeReason;
}

type Deps = Pick<OrchestratorDeps, 'outbox' | 'events' | 'clock'>;

/** Decides a command and stores what it leads to, with one message for each step. */
export async function carryOutChange(
  deps: Deps,
  tx: Tx,
  order: ChangeOrder,
): Promise<ChangeRow | { readonly rejected: ChangeRejection }> {
  const now = await readNow(tx);
  const { row, command } = order;
  const state = {
    status: changeStatus.parse(row.status),
    changeHash: row.change_hash,
    expiresAtMs: row.expires_at.getTime(),
  };
  const outcome = decideChange(command, state, now.getTime());
  if ('rejected' in outcome) return outcome;
  const steps = outcome.accepted.reduce<ChangeRow[]>(
    (rows, event) => [...rows, rowAfter(rows.at(-1) ?? row, event, { ...order, now, at: deps.clock() })],
    [],
  );
  return await store(deps, tx, { order, steps, events: outcome.accepted });
}

function rowAfter(
  row: ChangeRow,
  event: ChangeEvent,
  { reason, now, at }: Pick<ChangeOrder, 'reason'> & { readonly now: Date; readonly at: Date },
): ChangeRow {
  const status = evolveChange(changeStatus.parse(row.status), event);
  const approved_at = event === 'approved' ? now : row.approved_at;
  return { ...row, status, reason: reason ?? null, version: row.version + 1, approved_at, updated_at: at };
}

interface Steps {
  readonly order: ChangeOrder;
  readonly steps: readonly ChangeRow[];
  readonly events: readonly ChangeEvent[];
}

async function store(deps: Deps, tx: Tx, { order, steps, events }: Steps): Promise<ChangeRow> {
  const last = steps.at(-1) ?? order.row;
  const { status, reason, version, approved_at, updated_at } = last;
  await updateChange(tx, last, { status, reason, version, approved_at, updated_at });
  const { cause, approverId = null } = order;
  const messages = steps.map((row, index) => {
    const event = events[index] ?? 'approved';
    return changeMessage(deps, { row, event, approverId, cause });
  });
  deps.outbox.add(tx, messages);
  return last;
}
