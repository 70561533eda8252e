import type { Tx } from '@ironforge/store';
import type { Depth } from '@ironforge/tx-core';
import { findOpenGaps, type OpenGap } from '../queries/gap-fills.ts';
import { type LaneKey, lockLane, type LockedLane } from '../queries/nonce-lanes.ts';
import { findSlots, type StoredSlot } from '../queries/nonce-slots.ts';
import { findHolders } from '../queries/tx-attempts.ts';
import { lockRequests, type RequestRow } from '../queries/tx-requests.ts';
import { laneOfNews, type News, spentIn } from './news.ts';

/** What a batch of news is about, locked, as it stands by now: what hears news puts back what it changed. */
export interface Hearing {
  /** Undefined when the sender never had a payload, or the news name none. */
  readonly lane: LockedLane | undefined;
  readonly slots: Map<number, StoredSlot>;
  /** The sender's tasks that waited for a signature when the lane was locked. */
  readonly gaps: readonly OpenGap[];
  readonly rows: Map<string, RequestRow>;
  /** The requests that were ever offered each nonce. */
  readonly holderIds: ReadonlyMap<number, readonly string[]>;
  /** What was news about nonces. */
  readonly heardNonces: { readonly nonce: number; readonly depth: Depth }[];
}

/** Locks the lane first, then every request that the news may change, in the order of their ids: two round trips. */
export async function readHearing(tx: Tx, news: readonly News[]): Promise<Hearing> {
  const [first] = news;
  if (first === undefined) return emptyHearing();
  const { tenantid: tenantId } = first;
  const key = laneOfNews(first);
  const nonces = [...new Set(news.flatMap((event) => spentIn(event)?.nonce ?? []))];
  const place = key && (await readPlace(tx, { tenantId, ...key }, nonces));
  const requestIds = news.flatMap(({ data }) => ('requestId' in data ? [data.requestId] : []));
  const holderIds = place?.holders.map(({ requestId }) => requestId) ?? [];
  const rows = await lockRequests(tx, tenantId, [...new Set([...requestIds, ...holderIds])]);
  return {
    ...emptyHearing(),
    lane: place?.lane,
    gaps: place?.gaps ?? [],
    slots: new Map(place?.slots.map((slot) => [slot.nonce, slot])),
    rows: new Map(rows.map((row) => [row.id, row])),
    holderIds: idsByNonce(place?.holders ?? []),
  };
}

interface HolderPlace {
  readonly nonce: number;
  readonly requestId: string;
}

/** Sent in this order, so that gaps, slots and holders are read behind the lock. */
async function readPlace(tx: Tx, key: LaneKey, nonces: readonly number[]) {
  const [lane, gaps, slots, holders] = await Promise.all([
    lockLane(tx, key),
    nonces.length === 0 ? [] : findOpenGaps(tx, key.tenantId, [key.address]),
    nonces.length === 0 ? [] : findSlots(tx, key, nonces),
    nonces.length === 0 ? [] : findHolders(tx, key, nonces),
  ]);
  return { lane, gaps, slots, holders };
}

function idsByNonce(holders: readonly HolderPlace[]): Map<number, string[]> {
  const grouped = Map.groupBy(holders, ({ nonce }) => nonce);
  return new Map([...grouped].map(([nonce, all]) => [nonce, all.map(({ requestId }) => requestId)]));
}

function emptyHearing(): Hearing {
  const nothing = { lane: undefined, gaps: [], heardNonces: [] };
  return { ...nothing, slots: new Map(), rows: new Map(), holderIds: new Map() };
}
