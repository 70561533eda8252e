import { branded, type TenantId } from '@ironforge/kernel';
import { type Cause, causeOfMessage, type DomainEvent } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import type { Command } from '@ironforge/tx-core';
import type { OrchestratorDeps } from '../deps.ts';
import { lockRequest, noteHeard, type RequestRow } from '../queries/tx-requests.ts';
import { carryOut, chainActor, type Transition } from './carry-out.ts';

/** News of the chain for one request. */
export interface News {
  readonly event: DomainEvent;
  readonly requestId: string;
  readonly command: Command;
  readonly height: number;
}

/** What came of it: the request before, and its transition; null when it is unknown or takes no such news. */
export type Told = { readonly before: RequestRow; readonly transition: Transition } | null;

/** Tells a request what the watcher said. What the request refuses is old or not for it, and is let go. */
export async function tellRequest(deps: OrchestratorDeps, tx: Tx, news: News): Promise<Told> {
  const tenantId = branded<TenantId>(news.event.tenantid);
  const before = await lockRequest(tx, tenantId, news.requestId);
  if (before === undefined) return null;
  const cause = causeOfNews(news.event, before.chain_id);
  const transition = await carryOut(deps, tx, {
    row: before,
    command: news.command,
    cause,
    heardAtHeight: news.height,
  });
  const isNoted = 'events' in transition && transition.events.length > 0;
  if (!isNoted) noteHeard(tx, before, news.height);
  if (!('rejected' in transition)) return { before, transition };
  const fields = { requestId: before.id, command: news.command.type, rejected: transition.rejected };
  deps.log.debug(fields, 'a request let news of the chain go');
  return null;
}

/** The chain itself acts, on behalf of nobody. */
export function causeOfNews(event: DomainEvent, chainId: string): Cause {
  return { ...causeOfMessage(event, 'chain-watcher'), actor: chainActor(chainId) };
}
