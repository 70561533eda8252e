import type { BatchHandler, DomainEvent } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import { minedCountAfter } from '@ironforge/tx-core';
import type { OrchestratorDeps } from '../deps.ts';
import { updateLane } from '../queries/nonce-lanes.ts';
import { causeOfNews } from '../requests/tell-request.ts';
import { findFront, sendWindow } from '../lanes/send-window.ts';
import { hearNonce } from './hear-nonce.ts';
import { hearRequest } from './hear-request.ts';
import { laneOfNews, type News, newsIn, spentIn } from './news.ts';
import { type Hearing, readHearing } from './hearing.ts';

/** News of one lane come together; what names no lane is about one request. Null for what the chain did not say. */
export function placeOfNews(event: DomainEvent): string | null {
  const [first] = newsIn(event);
  if (first === undefined) return null;
  const lane = laneOfNews(first);
  if (lane !== null) return `${lane.chainId} ${lane.address}`;
  return 'requestId' in first.data ? first.data.requestId : null;
}

/**
 * What the watcher said about the requests and nonces of one sender. What is about one nonce is heard in its order, different
 * nonces beside each other, and what waited above a spent nonce is sent once, at the end.
 */
export function chainNews(deps: OrchestratorDeps): BatchHandler {
  return async (tx, events) => {
    const news = events.flatMap(newsIn);
    const hearing = await readHearing(tx, news);
    await Promise.all(byNonce(news, hearing).map((own) => hearAll(deps, tx, { hearing, own })));
    await moveLane(deps, tx, { hearing, news });
  };
}

/** Whatever is about one nonce, or about a request that is bound to it, is heard in its order: it may change the same rows. */
function byNonce(news: readonly News[], { rows }: Hearing): News[][] {
  const grouped = Map.groupBy(news, (event) => {
    const requestId = 'requestId' in event.data ? event.data.requestId : '';
    return spentIn(event)?.nonce ?? rows.get(requestId)?.state.boundNonce ?? requestId;
  });
  return [...grouped.values()];
}

async function hearAll(
  deps: OrchestratorDeps,
  tx: Tx,
  { hearing, own }: { readonly hearing: Hearing; readonly own: readonly News[] },
): Promise<void> {
  for (const event of own) {
    const spent = spentIn(event);
    if (spent !== null) await hearNonce(deps, tx, { hearing, event, spent });
    if (event.type !== 'chain.nonce_spent') await hearRequest(deps, tx, { hearing, event });
  }
}

/** The lane as it stands after all of the news, and what may be sent now. */
async function moveLane(
  deps: OrchestratorDeps,
  tx: Tx,
  { hearing: { lane, heardNonces }, news }: { readonly hearing: Hearing; readonly news: readonly News[] },
): Promise<void> {
  const [last] = news.slice(-1);
  if (lane === undefined || last === undefined || heardNonces.length === 0) return;
  const minedCount = heardNonces.reduce(minedCountAfter, lane.minedCount);
  const moved = { ...lane, minedCount };
  updateLane(tx, moved);
  const cause = causeOfNews(last, lane.chainId);
  await sendWindow(deps, tx, { lane: moved, front: await findFront(tx, moved), cause });
}
