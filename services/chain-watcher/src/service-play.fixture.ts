import { randomUUID } from 'node:crypto';
import type { Bus, Delivery, Verdict } from '@ironforge/bus';
import { type EventData, EVENTS, type EventType } from '@ironforge/contracts';
import type { TenantId } from '@ironforge/kernel';
import { createEventMaker, type DomainEvent, type EventMaker, parseEvent } from '@ironforge/service-kit';
import { type TestDatabase, waitUntil } from '@ironforge/testing';

/** A request and its one attempt. */
export interface Ids {
  readonly requestId: string;
  readonly attemptId: string;
}

/** Ids of a new request and its one attempt. */
export function newIds(): Ids {
  return { requestId: randomUUID(), attemptId: randomUUID() };
}

/** A signed payload and the slot it was signed for. */
export interface Payload {
  readonly address: string;
  readonly nonce: number;
  readonly raw: string;
  readonly txHash: string;
}

/** Where the services' words go, whose they are, and how far the watcher is. */
export interface Stage {
  readonly bus: Bus;
  readonly database: TestDatabase;
  readonly tenantId: TenantId;
}

/** What the other services of one tenant say to the watcher, and hear of it. */
export function createServicePlay({ bus, database, tenantId }: Stage, chainId: string) {
  const maker = createEventMaker({ service: 'test', clock: () => new Date(), newId: randomUUID });
  const ears = createEars(bus);
  const onChain = (id: string) => ({
    ...createRegistryPlay({ bus, database, tenantId, chainId: id, maker, ears }),
    ...createSender({ bus, tenantId, chainId: id, maker }),
  });
  return { ...ears, ...onChain(chainId), onChain };
}

interface Cast extends Pick<Stage, 'bus' | 'tenantId'> {
  readonly chainId: string;
  readonly maker: EventMaker;
}

const cause = { actor: { type: 'service', id: 'test' } } as const;

function createEars(bus: Bus) {
  const heard: DomainEvent[] = [];
  for (const queue of ['wallet-registry', 'tx-orchestrator', 'audit']) {
    bus.consume({ queue, prefetch: 100, handle: (delivery) => hearInto(heard, delivery) });
  }
  function all<T extends EventType>(type: T): EventData<T>[] {
    // The type of an event says which schema parsed its data.
    return heard.filter((event) => event.type === type).map((event) => event.data as EventData<T>);
  }
  /** Waits for an event of a type for which the test holds; gives the newest. */
  async function hear<T extends EventType>(
    type: T,
    test: (data: EventData<T>) => boolean,
  ): Promise<EventData<T>> {
    return await waitUntil(type, () => all(type).findLast(test));
  }
  return { all, hear };
}

async function hearInto(heard: DomainEvent[], { body }: Delivery): Promise<Verdict> {
  const event = parseEvent(body);
  if ('malformed' in event) return { dead: event.malformed };
  heard.push(...eachIn(event).flatMap((one) => [one, ...nonceNewsIn(one)]));
  return 'ack';
}

/** Payments that are told of together count as if each were told of, as for the orchestrator. */
function eachIn(event: DomainEvent): DomainEvent[] {
  if (event.type !== 'chain.txs_observed') return [event];
  const { observed } = EVENTS['chain.txs_observed'].parse(event.data);
  return [event, ...observed.map((data) => ({ ...event, type: 'chain.tx_observed' as const, data }))];
}

/** What is told of a nonce together with its request counts as news of the nonce, as for the orchestrator. */
function nonceNewsIn(event: DomainEvent): DomainEvent[] {
  const data = event.type === 'chain.tx_observed' ? EVENTS['chain.tx_observed'].parse(event.data) : null;
  return data?.spent === undefined ? [] : [{ ...event, type: 'chain.nonce_spent', data: data.spent }];
}

function walletTold<W extends { readonly id: string }>(
  { tenantId, chainId }: Pick<Stage & Cast, 'tenantId' | 'chainId'>,
  wallet: W,
) {
  return { tenantId, subject: wallet.id, version: 1, cause, data: { wallet: { ...wallet, chainId } } };
}

function createRegistryPlay({
  bus,
  database,
  tenantId,
  chainId,
  maker,
  ears,
}: Cast & Stage & { readonly ears: ReturnType<typeof createEars> }) {
  // Of a chain of which nothing was read yet a message would come back a second later: that is shown once, not by each test.
  const begun = () =>
    waitUntil('the first block of the chain', async () => {
      const sql = 'SELECT 1 FROM chain_cursors WHERE chain_id = $1';
      return (await database.query(sql, [chainId])).length > 0;
    });
  const told = (id: string, address: string, userId: string = randomUUID()) =>
    walletTold({ tenantId, chainId }, { ...WALLET, id, userId, address, tags: [] });
  const register = async (address: string, userId: string = randomUUID()): Promise<string> => {
    const walletId = randomUUID();
    await bus.publish([maker.event('wallet.created', told(walletId, address, userId))]);
    return walletId;
  };
  return {
    /** Registers a wallet, whatever the watcher knows of its chain. */
    register,
    /** Registers a wallet and waits until it is watched. */
    watch: async (address: string, userId?: string): Promise<string> => {
      await begun();
      const walletId = await register(address, userId);
      await ears.hear('chain.address_watched', (watched) => watched.walletId === walletId);
      return walletId;
    },
    /** Asks the watcher again for a wallet, as the registry does for one that did not become active. */
    askToWatch: async (walletId: string, address: string): Promise<void> => {
      await bus.publish([maker.event('wallet.watch_asked', told(walletId, address))]);
    },
    /** Commands the watcher to read a wallet's balances, as the registry does once the wallet is active. */
    readBalances: async (wallet: { readonly walletId: string; readonly address: string }): Promise<void> => {
      const content = { tenantId, subject: wallet.walletId, cause, queue: 'balance_update.evm' };
      const data = { ...wallet, chainId, minHeight: 0 };
      await bus.publish([maker.command('balance_update', { ...content, data })]);
    },
    watchAsset: async (assetId: string): Promise<void> => {
      const data = { asset: { assetId, chainId, symbol: 'TOK', name: 'Token', decimals: 18 } };
      await bus.publish([
        maker.event('asset.created', { tenantId, subject: assetId, version: 1, cause, data }),
      ]);
    },
  };
}

const WALLET = {
  name: 'a wallet',
  type: 'hot',
  status: 'activating',
  policyId: null,
  isWatchOnly: false,
} as const;

function createSender({ bus, tenantId, chainId, maker }: Cast) {
  return {
    /** Commands the watcher to send a payload. */
    broadcast: async (payload: Payload, ids: Ids = newIds()) => {
      const data = { ...ids, chainId, ...payload };
      const content = { tenantId, subject: ids.requestId, cause, queue: 'tx_broadcast.evm', data };
      const message = maker.command('tx_broadcast', content);
      await bus.publish([message]);
      return { ...ids, message };
    },
  };
}
