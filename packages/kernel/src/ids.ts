declare const brand: unique symbol;

/** A string or number that the compiler keeps apart from others of the same shape. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };

export type TenantId = Brand<string, 'TenantId'>;
export type UserId = Brand<string, 'UserId'>;
export type ApiKeyId = Brand<string, 'ApiKeyId'>;
export type WalletId = Brand<string, 'WalletId'>;
export type PolicyId = Brand<string, 'PolicyId'>;
export type TxRequestId = Brand<string, 'TxRequestId'>;
export type AttemptId = Brand<string, 'AttemptId'>;
export type LeaseId = Brand<string, 'LeaseId'>;

/** CAIP-2 chain id, for example `eip155:1`. */
export type ChainId = Brand<string, 'ChainId'>;
/** CAIP-19 asset id, for example `eip155:1/slip44:60`. */
export type AssetId = Brand<string, 'AssetId'>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** True for a UUID (RFC 9562) in its lower-case text form. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** Gives a parsed text its brand; the only cast of the code base, so call it where the text was just checked. */
export function branded<B extends Brand<string, string>>(text: string): B {
  // oxlint-disable-next-line typescript/consistent-type-assertions -- a brand exists for the compiler alone
  return text as B;
}
