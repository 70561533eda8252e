export { ensureDatabase, serverVersion } from './client/administer.ts';
export type { VerifiedEntry } from './client/get.ts';
export type { Immudb, ImmudbOptions, ServerPlace } from './client/immudb.ts';
export { createImmudb } from './client/immudb.ts';
export type { TxRef } from './client/ledger.ts';
export type { LedgerState, StatePort } from './client/ledger-state.ts';
export { MAX_BATCH_BYTES, MAX_BATCH_ENTRIES, MAX_KEY_BYTES } from './client/set-batch.ts';
export type { Answer, Refusal, RefusalReason, Refused } from './refusal.ts';
export type { KeyValue } from './verify/entry-digest.ts';
