import { Interface } from 'ethers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { revertReason } from './revert-reason.ts';

const errors = new Interface([
  'error Error(string)',
  'error Panic(uint256)',
  'error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed)',
]);
const said = errors.encodeErrorResult('Error', ['ERC20: transfer amount exceeds balance']);
const reverted = (data: unknown) => ({ code: 3, message: 'execution reverted', data });

describe('the reason of a revert', () => {
  it.each<[string, unknown]>([
    ['as geth, Erigon, Nethermind and anvil write it', said],
    ['as Parity wrote it', `Reverted ${said}`],
    ['as Hardhat writes it', { message: 'reverted', data: said }],
    ['in upper case', said.toUpperCase().replace('0X', '0x')],
  ])('is the text of the contract, %s', (_, data) => {
    const text = 'ERC20: transfer amount exceeds balance';
    expect(revertReason(reverted(data))).toEqual({ kind: 'error', text });
  });

  it.each<[number, string]>([
    [0x01, 'panic 0x1: a failed assertion'],
    [0x11, 'panic 0x11: an overflow or underflow'],
    [0x12, 'panic 0x12: a division by zero'],
    [0x32, 'panic 0x32: an index outside of its array'],
    [0x99, 'panic 0x99: an unknown code'],
  ])('of panic %i is %s', (code, text) => {
    const data = errors.encodeErrorResult('Panic', [code]);
    expect(revertReason(reverted(data))).toEqual({ kind: 'panic', text });
  });

  it('of an error of its own is the selector', () => {
    const data = errors.encodeErrorResult('ERC20InsufficientBalance', [`0x${'11'.repeat(20)}`, 1, 2]);
    expect(revertReason(reverted(data))).toEqual({ kind: 'custom_error', text: 'custom error 0xe450d38c' });
  });

  it.each<[string, string, string, unknown]>([
    ['no_reason', 'reverted without a reason', 'execution reverted', undefined],
    ['no_reason', 'reverted without a reason', 'execution reverted', '0x'],
    ['insufficient_funds', 'insufficient funds for transfer', 'insufficient funds for transfer', undefined],
    ['refused', 'what is this', 'what is this', undefined],
  ])('is %s (%s) when a node says "%s" with %j', (kind, text, message, data) => {
    expect(revertReason({ code: -32_000, message, data })).toEqual({ kind, text });
  });

  it('cannot paint the screen of who reads it', () => {
    const data = errors.encodeErrorResult('Error', [`a\u001b[2J\nb\u202e${'x'.repeat(400)}`]);
    const { text } = revertReason(reverted(data));
    expect(text).toMatch(/^a \[2J b x+$/);
    expect(text).toHaveLength(300);
  });

  it('is found in any bytes without an exception, however they were cut', () => {
    const selector = fc.constantFrom('08c379a0', '4e487b71', '');
    const bytes = fc.uint8Array({ maxLength: 200 }).map((all) => Buffer.from(all).toString('hex'));
    fc.assert(
      fc.property(selector, bytes, (head, body) => {
        expect(revertReason(reverted(`0x${head}${body}`)).text.length).toBeLessThanOrEqual(300);
      }),
    );
  });
});
