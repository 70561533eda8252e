import { assemble } from './assemble.ts';

/** What a token does with what it is asked to move. */
export interface TokenRules {
  /** So many per cent of each transfer vanish on the way; the log says the whole amount all the same. */
  readonly feePercent: number;
}

/**
 * Creation code of a token with `balanceOf`, `transfer` and the `Transfer` event; its creator gets 10^24 units. Each
 * owner's shares lie in the slot of his address, and slot 0 says by how many per cent all balances have grown.
 */
export function tokenCode({ feePercent }: TokenRules): string {
  const runtime = assemble(token(100 - feePercent));
  const size = `0x${(runtime.length / 2).toString(16).padStart(4, '0')}`;
  const create = (offset: number) =>
    assemble(`
      0xd3c21bcecceda1000000 CALLER SSTORE
      ${size} 0x${offset.toString(16).padStart(4, '0')} PUSH0 CODECOPY
      ${size} PUSH0 RETURN`);
  return `0x${create(create(0).length / 2)}${runtime}`;
}

const token = (creditedPercent: number): string => `
    PUSH0 CALLDATALOAD 0xe0 SHR
    DUP1 0x70a08231 EQ @balanceOf JUMPI
    DUP1 0xa9059cbb EQ @transfer JUMPI
    DUP1 0x${GROW} EQ @grow JUMPI
  refuse:
    PUSH0 PUSH0 REVERT
  balanceOf:
    0x04 CALLDATALOAD SLOAD PUSH0 SLOAD 0x64 ADD MUL 0x64 SWAP1 DIV   ; shares x (100 + growth) / 100
    PUSH0 MSTORE 0x20 PUSH0 RETURN
  transfer:
    0x24 CALLDATALOAD 0x64 MUL PUSH0 SLOAD 0x64 ADD SWAP1 DIV         ; shares to move
    CALLER SLOAD DUP2 DUP2 LT @refuse JUMPI
    DUP2 SWAP1 SUB CALLER SSTORE                                      ; taken from the sender
    0x${creditedPercent.toString(16)} MUL 0x64 SWAP1 DIV
    0x04 CALLDATALOAD SLOAD ADD 0x04 CALLDATALOAD SSTORE              ; given to the recipient, less the fee
    0x24 CALLDATALOAD PUSH0 MSTORE
    0x04 CALLDATALOAD CALLER 0x${TRANSFER} 0x20 PUSH0 LOG3
    0x01 PUSH0 MSTORE 0x20 PUSH0 RETURN
  grow:
    0x04 CALLDATALOAD PUSH0 SSTORE STOP`;

const GROW = '67726f77';
/** Topic 0 of `Transfer(address,address,uint256)` (EIP-20). */
const TRANSFER = 'ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef';

/** Call data of `transfer(address,uint256)`. */
export function transferCall(to: string, units: bigint): string {
  return `0xa9059cbb${word(BigInt(to))}${word(units)}`;
}

/** Call data that makes all balances of a token so many per cent greater than at its beginning, without a word. */
export function growCall(percent: number): string {
  return `0x${GROW}${word(BigInt(percent))}`;
}

/** Creation code that pays all it is given on to an address: value that no transaction lists. */
export function payThroughCode(to: string): string {
  return `0x${assemble(`PUSH0 PUSH0 PUSH0 PUSH0 CALLVALUE ${to.toLowerCase()} GAS CALL STOP`)}`;
}

function word(value: bigint): string {
  return value.toString(16).padStart(64, '0');
}
