import type { EventData } from '@ironforge/contracts';
import type { DomainEvent } from '@ironforge/service-kit';

type NewsType = 'chain.tx_accepted' | 'chain.tx_refused' | 'chain.tx_observed' | 'chain.nonce_spent';

/** Something that the watcher said about a request, a nonce, or both. */
export type News = { readonly [T in NewsType]: DomainEvent<T> }[NewsType];

/** What the chain shows on one nonce. */
export type SpentData = EventData<'chain.nonce_spent'>;

const TYPES: readonly string[] = [
  'chain.tx_accepted',
  'chain.tx_refused',
  'chain.tx_observed',
  'chain.nonce_spent',
] satisfies readonly NewsType[];

/** The news in an event: each of them where it tells several together, none in what is not for requests. */
export function newsIn(event: DomainEvent): News[] {
  if (isAboutSeveral(event))
    return event.data.observed.map((data) => ({ ...event, type: 'chain.tx_observed', data }));
  return isChainNews(event) ? [event] : [];
}

function isAboutSeveral(event: DomainEvent): event is DomainEvent<'chain.txs_observed'> {
  return event.type === 'chain.txs_observed';
}

function isChainNews(event: DomainEvent): event is News {
  return TYPES.includes(event.type);
}

/** What an event says of a nonce; null when it says nothing of one. */
export function spentIn(event: News): SpentData | null {
  if (event.type === 'chain.nonce_spent') return event.data;
  return event.type === 'chain.tx_observed' ? (event.data.spent ?? null) : null;
}

/** The sender that an event is about; null when it names none. */
export function laneOfNews(event: News): { readonly chainId: string; readonly address: string } | null {
  const spent = spentIn(event);
  if (spent !== null) return { chainId: spent.chainId, address: spent.address };
  return event.type === 'chain.nonce_spent' ? null : (event.data.lane ?? null);
}
