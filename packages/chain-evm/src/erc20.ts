import { assert } from '@ironforge/kernel';

/** Topic 0 of `Transfer(address,address,uint256)` (EIP-20). ERC-721 shares it, but indexes the third argument too. */
const TRANSFER_TOPIC = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef';

const ADDRESS = /^0x[0-9a-fA-F]{40}$/;
const ADDRESS_TOPIC = /^0x0{24}[0-9a-f]{40}$/;
const WORD = /^0x[0-9a-f]{64}$/;

/** Call data of `transfer(address,uint256)`, by hand: it is two words, and made for every quote. */
export function transferData(to: string, units: bigint): string {
  assert(units >= 0n && units < 2n ** 256n, 'an amount is a uint256');
  return `${TRANSFER}${addressWord(to)}${word(units.toString(16))}`;
}

const TRANSFER = '0xa9059cbb';
const BALANCE_OF = '0x70a08231';

function addressWord(address: string): string {
  assert(ADDRESS.test(address), 'an address is twenty bytes');
  return word(address.slice(2).toLowerCase());
}

function word(digits: string): string {
  return digits.padStart(64, '0');
}

/** Reads an ERC-20 transfer out of call data, the recipient in lower case; null for any other call. */
export function readTransferCall(data: string): { to: string; amount: bigint } | null {
  const [, to, amount] = TRANSFER_CALL.exec(data) ?? [];
  return to === undefined || amount === undefined ? null : { to: `0x${to}`, amount: BigInt(`0x${amount}`) };
}

const TRANSFER_CALL = /^0xa9059cbb0{24}([0-9a-f]{40})([0-9a-f]{64})$/;

/** Call data of `balanceOf(address)`. */
export function balanceOfData(owner: string): string {
  return `${BALANCE_OF}${addressWord(owner)}`;
}

/** Call data of `decimals()`. */
export const DECIMALS_DATA = '0x313ce567';

/** The uint8 that `decimals()` answers; null for anything else. */
export function readDecimals(answer: unknown): number | null {
  const [, digits] = (typeof answer === 'string' && UINT8_WORD.exec(answer)) || [];
  return digits === undefined ? null : Number.parseInt(digits, 16);
}

const UINT8_WORD = /^0x0{62}([0-9a-f]{2})$/i;

/** What tells a transfer in a log. */
export interface Log {
  readonly topics: readonly string[];
  readonly data: string;
}

/** Reads an ERC-20 transfer out of a log, addresses in lower case; null for anything else. */
export function readTransferLog(log: Log): { from: string; to: string; amount: bigint } | null {
  const [topic, from, to, extra] = log.topics;
  if (topic !== TRANSFER_TOPIC || from === undefined || to === undefined || extra !== undefined) return null;
  if (!ADDRESS_TOPIC.test(from) || !ADDRESS_TOPIC.test(to) || !WORD.test(log.data)) return null;
  return { from: `0x${from.slice(26)}`, to: `0x${to.slice(26)}`, amount: BigInt(log.data) };
}
