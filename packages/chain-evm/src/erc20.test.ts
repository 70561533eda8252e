import { Interface } from 'ethers/abi';
import { describe, expect, it } from 'vitest';
import { balanceOfData, readTransferCall, transferData } from './erc20.ts';

const ERC20 = new Interface([
  'function transfer(address to, uint256 value)',
  'function balanceOf(address owner) view returns (uint256)',
]);
const OWNER = '0x52908400098527886E0F7030069857D2E4169EE7';
const LARGEST = 2n ** 256n - 1n;

describe('call data of a token', () => {
  it.each([0n, 1n, 10n ** 18n, LARGEST])('moves %s units as the ABI has it, and is read back', (units) => {
    const data = transferData(OWNER, units);
    expect(data).toBe(ERC20.encodeFunctionData('transfer', [OWNER, units]));
    expect(readTransferCall(data)).toEqual({ to: OWNER.toLowerCase(), amount: units });
  });

  it.each([-1n, LARGEST + 1n])('is not made for %s units', (units) => {
    expect(() => transferData(OWNER, units)).toThrow('uint256');
  });

  it('asks for a balance as the ABI has it', () => {
    expect(balanceOfData(OWNER)).toBe(ERC20.encodeFunctionData('balanceOf', [OWNER]));
  });

  it.each(['', '0x', OWNER.slice(0, -1), `${OWNER}0`])('is not made for the address "%s"', (address) => {
    expect(() => balanceOfData(address)).toThrow('twenty bytes');
    expect(() => transferData(address, 1n)).toThrow('twenty bytes');
  });
});
