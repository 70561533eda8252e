export type { Amount } from './amount.ts';
export { formatUnits, MAX_UNITS, parseUnits } from './amount.ts';
export type { AppErrorOptions, ErrorItem, Retry } from './app-error.ts';
export { AppError, hasCode, mayRetry } from './app-error.ts';
export { assert, assertNever, present } from './assert.ts';
export type {
  ApiKeyId,
  AssetId,
  AttemptId,
  Brand,
  ChainId,
  LeaseId,
  PolicyId,
  TenantId,
  TxRequestId,
  UserId,
  WalletId,
} from './ids.ts';
export { branded, isUuid } from './ids.ts';
export { parseJson } from './parse-json.ts';
export type { Clock, Logger, NewId } from './ports.ts';
export { STOPS_WITHIN_MS } from './stopping.ts';
