import { FunctionFragment } from 'ethers/abi';

const SELECTOR = /^0x[0-9a-fA-F]{8}$/;
const SELECTOR_LENGTH = 10;

/** The selector of a contract method, named by itself or by its signature (Solidity ABI); null for what is neither. */
export function methodSelector(text: string): string | null {
  if (SELECTOR.test(text)) return text.toLowerCase();
  try {
    return FunctionFragment.from(text).selector;
  } catch {
    return null;
  }
}

/** The selector of the method that call data calls; null when they are too short to call one. */
export function calledMethod(data: string): string | null {
  return data.length < SELECTOR_LENGTH ? null : data.slice(0, SELECTOR_LENGTH).toLowerCase();
}
