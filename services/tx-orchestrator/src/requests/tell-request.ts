import { type Cause, causeOfMessage, type DomainEvent } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import type { Command } from '@ironforge/tx-core';
import type { OrchestratorDeps } from '../deps.ts';
import { noteTold, type RequestRow } from '../queries/tx-requests.ts';
import { carryOut, chainActor, type Transition } from './carry-out.ts';

/** News of the chain for one request. */
export interface RequestTold {
  readonly event: DomainEvent;
  /** Locked. */
  readonly row: RequestRow;
  readonly command: Command;
  readonly height: number;
}

/** What came of it: the request before, and its transition; null when it takes no such news. */
export type Told = { readonly before: RequestRow; readonly transition: Transition } | null;

/** Tells a locked request what the watcher said. What the request refuses is old or not for it, and is let go. */
export async function tellRequest(
  deps: OrchestratorDeps,
  tx: Tx,
  { event, row, command, height }: RequestTold,
): Promise<Told> {
  const cause = causeOfNews(event, row.chain_id);
  const transition = await carryOut(deps, tx, { row, command, cause, toldAtHeight: height });
  const isNoted = 'events' in transition && transition.events.length > 0;
  if (!isNoted) noteTold(tx, row, height);
  if (!('rejected' in transition)) return { before: row, transition };
  const fields = { requestId: row.id, command: command.type, rejected: transition.rejected };
  deps.log.debug(fields, 'a request let news of the chain go');
  return null;
}

/** The chain itself acts, on behalf of nobody. */
export function causeOfNews(event: DomainEvent, chainId: string): Cause {
  return { ...causeOfMessage(event, 'chain-watcher'), actor: chainActor(chainId) };
}
