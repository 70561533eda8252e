import type { CallFailure } from '@ironforge/chain-core';
import { isRecord } from './json-reader.ts';
import { translateNodeError } from './node-errors.ts';
import type { RpcError } from './rpc-client.ts';

/**
 * Why a call fails, told to a person: the contract's own words (`Error(string)`), what the compiler found (`Panic(uint256)`),
 * or the selector of an error of its own (Solidity documentation, "Panic via assert and Error via require"). Whatever a
 * contract says is shortened, and holds no control characters.
 */
export function revertReason(error: RpcError): CallFailure {
  const failure = translateNodeError(error);
  if (failure.reason === 'insufficient_funds')
    return { kind: 'insufficient_funds', text: plain(error.message) };
  const data = revertData(error.data);
  if (data.length >= SELECTOR_DIGITS)
    return decoded(data.slice(0, SELECTOR_DIGITS), data.slice(SELECTOR_DIGITS));
  if (failure.reason === 'reverted') return { kind: 'no_reason', text: 'reverted without a reason' };
  return { kind: 'refused', text: plain(error.message) };
}

const SELECTOR_DIGITS = 8;
const WORD_DIGITS = 64;
const MAX_TEXT = 300;

/** Hex digits without `0x`; some nodes write it bare, some in an object, some behind a word ("Reverted 0x…"). */
function revertData(data: unknown): string {
  const text = isRecord(data) ? data['data'] : data;
  const found = typeof text === 'string' ? /0x((?:[0-9a-f]{2})+)/i.exec(text) : null;
  return found?.[1]?.toLowerCase() ?? '';
}

function decoded(selector: string, body: string): CallFailure {
  if (selector === '08c379a0') return { kind: 'error', text: plain(stringOf(body)) };
  if (selector === '4e487b71') return { kind: 'panic', text: panicText(body) };
  return { kind: 'custom_error', text: `custom error 0x${selector}` };
}

/** One dynamic string: its offset, its length, its bytes; what is cut off is left out. */
function stringOf(body: string): string {
  const start = numberAt(body, 0) * 2;
  const length = numberAt(body, start);
  const from = start + WORD_DIGITS;
  return new TextDecoder().decode(Buffer.from(body.slice(from, from + length * 2), 'hex'));
}

/** A word that is no sensible number counts as none. */
function numberAt(body: string, at: number): number {
  const word = body.slice(at, at + WORD_DIGITS);
  return word.length === WORD_DIGITS ? Math.min(Number(BigInt(`0x${word}`)), body.length) : 0;
}

/** Solidity documentation, "Panic via assert and Error via require". */
const PANICS: Readonly<Record<string, string>> = {
  '0x0': 'a panic of the compiler',
  '0x1': 'a failed assertion',
  '0x11': 'an overflow or underflow',
  '0x12': 'a division by zero',
  '0x21': 'a number that no enum value has',
  '0x22': 'a wrongly encoded storage array',
  '0x31': 'a pop from an empty array',
  '0x32': 'an index outside of its array',
  '0x41': 'too much memory',
  '0x51': 'a call of an uninitialised function',
};

function panicText(body: string): string {
  const code =
    body.length < WORD_DIGITS ? 'unknown' : `0x${BigInt(`0x${body.slice(0, WORD_DIGITS)}`).toString(16)}`;
  return `panic ${code}: ${PANICS[code] ?? 'an unknown code'}`;
}

function plain(text: string): string {
  return text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, ' ').slice(0, MAX_TEXT);
}
