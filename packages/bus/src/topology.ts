/** A queue of events for one service, and the routing keys that reach it. */
export interface EventQueue {
  readonly queue: string;
  readonly bind: readonly string[];
}

/** A queue that each process has for itself while it is connected; what is published meanwhile it never hears of. */
export interface ProcessQueue {
  readonly queue: string;
  readonly bind: readonly string[];
}

/** A queue of commands; at its limit the broker refuses further ones and they wait in their outbox. */
export interface CommandQueue {
  readonly queue: string;
  readonly maxLength: number;
}

/** A place where a message waits before it goes back to the queue that its routing key names. */
export interface RetryDelay {
  readonly name: string;
  readonly delayMs: number;
}

/** Every exchange, queue and binding of an installation, as data. */
export interface Topology {
  readonly events: string;
  readonly eventQueues: readonly EventQueue[];
  readonly processQueues: readonly ProcessQueue[];
  readonly commandQueues: readonly CommandQueue[];
  /** In the order of the attempts; after the last one a message is dead. */
  readonly retryDelays: readonly RetryDelay[];
}

/** The topic exchange that carries every domain event. */
export const EVENTS_EXCHANGE = 'ironforge.events';

/**
 * The topology of IronForge. All bindings stand here, not in the services that read from them: whoever connects
 * first declares them all, so an event is never confirmed before each of its readers has a queue.
 */
export const TOPOLOGY: Topology = {
  events: EVENTS_EXCHANGE,
  eventQueues: [
    {
      queue: 'audit',
      bind: [
        'tenant.*',
        'user.*',
        'api_key.*',
        'session.*',
        'security.*',
        'asset.*',
        'policy.*',
        'change.*',
        'address_book.*',
        'nonce.*',
        'tx_request.*',
        'wallet.created',
        'wallet.activated',
        'wallet.updated',
        'wallet.archived',
        'wallet.balance_changed',
        'chain.deposit_observed',
        'chain.stopped',
        'chain.resumed',
        'chain.went_on',
      ],
    },
    {
      queue: 'wallet-registry',
      bind: [
        'chain.address_watched',
        'wallet.balance_observed',
        'tx_request.approved',
        'tx_request.quorum_lost',
        'tx_request.rejected',
        'tx_request.expired',
        'tx_request.cancelled',
        'tx_request.included',
        'tx_request.reorged',
        'tx_request.confirmed',
        'tx_request.failed',
        'tx_request.attempt_added',
        'tx_request.attempt_approved',
        'tx_request.attempt_rejected',
      ],
    },
    {
      queue: 'tx-orchestrator',
      bind: [
        'chain.tx_accepted',
        'chain.tx_refused',
        'chain.tx_observed',
        'chain.txs_observed',
        'chain.nonce_spent',
      ],
    },
    { queue: 'tx-orchestrator.people', bind: ['user.updated'] },
    { queue: 'chain-watcher-evm', bind: ['wallet.created', 'wallet.watch_asked', 'asset.created'] },
  ],
  processQueues: [
    {
      queue: 'tx-orchestrator.tasks',
      bind: [
        'tx_request.approved',
        'tx_request.rejected',
        'tx_request.attempt_added',
        'tx_request.attempt_approved',
        'tx_request.nonce_released',
        'tx_request.reorged',
        'tx_request.observed',
      ],
    },
  ],
  commandQueues: [
    { queue: 'tx_broadcast.evm', maxLength: 100_000 },
    { queue: 'balance_update.evm', maxLength: 100_000 },
  ],
  retryDelays: [
    { name: 'ironforge.retry.1s', delayMs: 1_000 },
    { name: 'ironforge.retry.5s', delayMs: 5_000 },
    { name: 'ironforge.retry.15s', delayMs: 15_000 },
  ],
};

/** The queue that keeps what can't be handled, with its reason. */
export function deadQueueOf(queue: string): string {
  return `${queue}.dead`;
}
