import { MAX_UNITS, parseUnits } from '@ironforge/kernel';
import { z } from 'zod';
import { findSecret } from './secrets.ts';

/** A UUID, told in lower case however it was written. */
export const uuid = z.uuid().toLowerCase().describe('UUID');

/** CAIP-2 chain id. */
export const chainId = z
  .string()
  .regex(/^[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}$/)
  .describe('CAIP-2, for example eip155:1');

/** CAIP-19 asset id, without a token id. */
export const assetId = z
  .string()
  .regex(/^[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}\/[-a-z0-9]{3,8}:[-.%a-zA-Z0-9]{1,128}$/)
  .describe('CAIP-19, for example eip155:1/slip44:60');

/** Base units as a decimal string, 0 to 2^256 - 1. */
export const units = z
  .string()
  .refine((text) => parseUnits(text) !== null, {
    error: `must be a whole number of base units, 0 to ${MAX_UNITS}, without sign, point or leading zero`,
  })
  // JSON Schema does not know the refinement; the pattern tells readers of the documents what can be told.
  .meta({ description: 'base units, decimal string', pattern: '^(?:0|[1-9][0-9]{0,77})$' });

/** Bytes as `0x` and hex digits in pairs. */
export const hexBytes = z
  .string()
  .regex(/^0x(?:[0-9a-fA-F]{2})*$/)
  .describe('0x and hex');

/** A 32-byte hash as `0x` and 64 lower-case hex digits. */
export const hash32 = z.string().regex(/^0x[0-9a-f]{64}$/);

/** RFC 3339 time in UTC, from 1970 on: databases know no year 0. */
export const utcTime = z.iso.datetime().refine((text) => text >= '1970', { error: 'must be after 1970' });

/** A month of a year, for example `2026-10`. */
export const monthOfYear = z
  .string()
  .regex(/^\d{4}-(?:0[1-9]|1[0-2])$/)
  .describe('a month of UTC, for example 2026-10');

/** A height, nonce, sequence, gas limit or count: a whole number that JSON carries exactly. */
export const wholeNumber = z.int().min(0);

/** So much of a text that is too long anyway is searched, so that whoever pasted a key hears of that. */
const SEARCHED_CHARS = 1_024;

/** Text that a person writes; anything that looks like a private key or a seed phrase is refused. */
export function humanText(maxLength: number): z.ZodString {
  const searched = Math.max(maxLength, SEARCHED_CHARS);
  return z
    .string()
    .max(maxLength)
    .refine((text) => findSecret(text.slice(0, searched)) === null, { error: 'secret_in_request' });
}

/** A name: human text that is not empty. */
export function nameText(maxLength: number): z.ZodString {
  return humanText(maxLength).min(1);
}

/** An address as given by a client: the chain's codec decides whether it is one; secrets are refused before that. */
export const addressInput = nameText(255);

/** Free data of the client, at most 8 KiB of JSON, searched for secrets. */
export const metadata = z
  .record(z.string().max(100), z.unknown())
  .refine((value) => JSON.stringify(value).length <= 8192, {
    error: 'must be at most 8192 characters as JSON',
    abort: true,
  })
  .refine((value) => findSecret(JSON.stringify(value)) === null, { error: 'secret_in_request' });

/** A query parameter that names several things, separated by commas. */
export function listOf<Item extends z.ZodType<string, string>>(item: Item, max: number) {
  return z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(item).max(max));
}

/** Query parameters of a list. */
export const page = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
};

/** One page of a list, newest first unless the route says otherwise. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ data: z.array(item), nextCursor: z.string().nullable() });
}
