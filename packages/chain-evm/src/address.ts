import type { AddressParse } from '@ironforge/chain-core';
import { getAddress } from 'ethers/address';

const ADDRESS = /^0x[0-9a-fA-F]{40}$/;
const CACHED_MAX = 10_000;

/** Reads an address in any case into its checksummed form (EIP-55); mixed case must carry the right checksum. */
export function parseAddress(text: string): AddressParse {
  if (!ADDRESS.test(text)) return MALFORMED;
  const digits = text.slice(2);
  const address = checksum(`0x${digits.toLowerCase()}`);
  const oneCase = digits === digits.toLowerCase() || digits === digits.toUpperCase();
  return oneCase || address === text ? { address } : WRONG_CHECKSUM;
}

const MALFORMED = {
  rejected: 'malformed',
  detail: 'an address is 0x and forty hexadecimal digits',
} as const;
const WRONG_CHECKSUM = {
  rejected: 'wrong_checksum',
  detail: 'upper and lower case do not fit this address (EIP-55): a digit may be wrong',
} as const;

const checksummed = new Map<string, string>();

/** The checksummed form of an address as nodes write it (lower case). Keeps the newest few thousand: hashing each is slow. */
export function checksum(lowerCase: string): string {
  const known = checksummed.get(lowerCase);
  if (known !== undefined) return known;
  if (checksummed.size >= CACHED_MAX) checksummed.clear();
  const address = getAddress(lowerCase.toLowerCase());
  checksummed.set(lowerCase, address);
  return address;
}
