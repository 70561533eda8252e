import { assert } from '@ironforge/kernel';
import type { Chain } from '../chains.ts';

/** An address in the form in which blocks show it. Whoever sent it has checked it, so anything else is a bug. */
export function canonicalAddress({ codec }: Pick<Chain, 'codec'>, text: string): string {
  const parsed = codec.parseAddress(text);
  assert('address' in parsed, 'the address of a wallet was checked');
  return parsed.address;
}
