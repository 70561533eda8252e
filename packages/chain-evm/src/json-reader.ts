import { AppError } from '@ironforge/kernel';

/** The node's answer has another form than the Ethereum JSON-RPC specification says. */
export function badAnswer(what: string): AppError {
  return new AppError('dependency_down', { retry: 'later', detail: `the node's answer lacks ${what}` });
}

/** True for a JSON object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as a JSON object. Throws `dependency_down`. */
export function recordOf(value: unknown, what: string): Record<string, unknown> {
  if (!isRecord(value)) throw badAnswer(what);
  return value;
}

/** The value as a list. Throws `dependency_down`. */
export function listOf(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw badAnswer(what);
  return value;
}

/** A member that is text: a hash, an address, bytes. Throws `dependency_down`. */
export function textAt(record: Record<string, unknown>, key: string): string {
  const value = record[key];
  if (typeof value !== 'string') throw badAnswer(key);
  return value;
}

/** A member that is text or null. Throws `dependency_down`. */
export function textOrNullAt(record: Record<string, unknown>, key: string): string | null {
  return record[key] === null || record[key] === undefined ? null : textAt(record, key);
}

const QUANTITY = /^0x[0-9a-fA-F]{1,64}$/;

/** A quantity in hex. Throws `dependency_down`. */
export function quantityOf(value: unknown, what: string): bigint {
  if (typeof value !== 'string' || !QUANTITY.test(value)) throw badAnswer(what);
  return BigInt(value);
}

/** A member that is a quantity in hex. Throws `dependency_down`. */
export function quantityAt(record: Record<string, unknown>, key: string): bigint {
  return quantityOf(record[key], key);
}

/** A member that is a quantity in hex, or not there. Throws `dependency_down`. */
export function optionalQuantityAt(record: Record<string, unknown>, key: string): bigint | undefined {
  return record[key] === null || record[key] === undefined ? undefined : quantityAt(record, key);
}

/** A member that is a height, index, nonce or time in seconds. Throws `dependency_down`. */
export function numberAt(record: Record<string, unknown>, key: string): number {
  return Number(quantityAt(record, key));
}

/** A number as JSON-RPC writes quantities. */
export function toQuantity(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}
