import type { EventData } from '@ironforge/contracts';
import { type AttemptId, branded, parseUnits, present } from '@ironforge/kernel';
import type { DomainEvent } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import type { Command, NodeRefusal } from '@ironforge/tx-core';
import type { OrchestratorDeps } from '../deps.ts';
import { noteFeePaid } from '../queries/tx-attempts.ts';
import { noteWaiting } from '../queries/tx-requests.ts';
import { minedAfterEnd } from '../requests/mined-after-end.ts';
import { causeOfNews, tellRequest, type Told } from '../requests/tell-request.ts';
import type { Hearing } from './hearing.ts';
import type { News } from './news.ts';

type RequestNews = Exclude<News, { readonly type: 'chain.nonce_spent' }>;
type Observed = DomainEvent<'chain.tx_observed'>;

/** News for one request. */
export interface RequestHeard {
  readonly hearing: Hearing;
  readonly event: RequestNews;
}

/** What the watcher said of a request: a node has its bytes, none took them, or the chain shows it. Older news change nothing. */
export async function hearRequest(
  deps: OrchestratorDeps,
  tx: Tx,
  { hearing, event }: RequestHeard,
): Promise<void> {
  const row = hearing.rows.get(event.data.requestId);
  if (row === undefined) return;
  const told = await tellRequest(deps, tx, {
    event,
    row,
    command: commandOf(event),
    height: event.data.height,
  });
  if (told === null) return;
  hearing.rows.set(row.id, told.transition.row);
  if (event.type === 'chain.tx_observed') noteObserved(deps, tx, { event, told });
}

function commandOf(event: RequestNews): Command {
  if (event.type === 'chain.tx_observed') return observation(event.data);
  const attemptId = branded<AttemptId>(event.data.attemptId);
  if (event.type === 'chain.tx_accepted') return { type: 'noteAccepted', attemptId };
  return { type: 'noteRefused', attemptId, reason: REASONS[event.data.reason] };
}

function observation({ version, depth, winner }: Observed['data']): Command {
  const mined = winner && { ...winner, attemptId: branded<AttemptId>(winner.attemptId) };
  return { type: 'observe', version, depth, winner: mined };
}

/** The watcher looked for our own receipt before it said that a nonce is too low. */
const REASONS: Readonly<Record<EventData<'chain.tx_refused'>['reason'], NodeRefusal>> = {
  underpriced: 'underpriced',
  insufficient_funds: 'insufficient_funds',
  nonce_too_low: 'refused_by_node',
  refused_by_node: 'refused_by_node',
  outcome_unknown: 'outcome_unknown',
  evicted: 'evicted',
};

function noteObserved(
  deps: OrchestratorDeps,
  tx: Tx,
  { event, told }: { readonly event: Observed; readonly told: NonNullable<Told> },
): void {
  const { winner, height } = event.data;
  const { events } = told.transition;
  if (events.some(({ type }) => type === 'reorged')) noteWaiting(tx, told.before, height);
  // What was paid is known with the block; deeper news of the same block repeat it.
  if (winner === null || !events.some(({ type }) => type === 'included')) return;
  const feePaid = present(parseUnits(winner.feePaid), 'a fee in base units');
  noteFeePaid(tx, event.tenantid, { id: winner.attemptId, feePaid });
  deps.outbox.add(tx, minedAfterEnd(deps, told, causeOfNews(event, told.before.chain_id)));
}
