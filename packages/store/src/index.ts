export { isKeptWaiting } from './failures.ts';
export type { Gathering, GatheringOptions } from './gathering.ts';
export { createGathering } from './gathering.ts';
export type { IdempotencyScope, IdempotencyState, IdempotentCall, Repetition } from './idempotency.ts';
export { beginIdempotent, findIdempotent, finishIdempotent } from './idempotency.ts';
export type { InboxEntry } from './inbox.ts';
export { recordInbox, takeIn, wasTakenIn } from './inbox.ts';
export type { Isolation } from './opening.ts';
export type { Outbox, OutboxOptions } from './outbox/create-outbox.ts';
export { createOutbox } from './outbox/create-outbox.ts';
export type { OutboxMessage, Publisher, PublishOutcome, WrittenMessage } from './outbox/message.ts';
export type { PoolSize } from './pool.ts';
export { isCheckViolation, isUniqueViolation } from './sql-state.ts';
export type {
  Scope,
  Store,
  StoreOptions,
  StoreStats,
  TransactionOptions,
  TransactionScope,
} from './store.ts';
export { createStore } from './store.ts';
export type { SystemUse } from './system-uses.ts';
export type { Tx, Work } from './transaction.ts';
