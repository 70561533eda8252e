/** One kind of key: its name, what follows the name, and how long an entry lives. */
export interface KeyKind<Part extends string> {
  readonly name: string;
  readonly parts: readonly Part[];
  readonly ttlMs: number;
}

/** Every kind of key in use, as data. Chains stand in CAIP-2 form, addresses in lower case. */
export const KEYS = {
  nonceLock: kind('lock:nonce', ['tenantId', 'chainId', 'address'], 5_000),
  userRate: kind('rate_limit:user', ['tenantId', 'userId'], 60_000),
  tenantRate: kind('rate_limit:tenant', ['tenantId'], 60_000),
  ipRate: kind('rate_limit:ip', ['ip'], 60_000),
  globalRate: kind('rate_limit:global', [], 1_000),
  gasPrice: kind('chain:gas_price', ['chainId'], 30_000),
};

/** A key ready for use, with the lifetime of its kind. */
export interface CacheKey {
  readonly text: string;
  readonly ttlMs: number;
}

/** The key of one thing. The tenant is the hash tag, so that a cluster keeps a tenant's keys together. */
export function cacheKey<Part extends string>(
  { name, parts, ttlMs }: KeyKind<Part>,
  values: Readonly<Record<Part, string>>,
): CacheKey {
  return { text: [name, ...subjectParts(parts, values)].join(':'), ttlMs };
}

/** What follows the name in a key of this kind. */
export function subjectOf<Part extends string>(
  { parts }: KeyKind<Part>,
  values: Readonly<Record<Part, string>>,
): string {
  return subjectParts(parts, values).join(':');
}

function subjectParts<Part extends string>(
  parts: readonly Part[],
  values: Readonly<Record<Part, string>>,
): string[] {
  return parts.map((part) => (part === 'tenantId' ? `{${values[part]}}` : values[part]));
}

function kind<Part extends string>(name: string, parts: readonly Part[], ttlMs: number): KeyKind<Part> {
  return { name, parts, ttlMs };
}
