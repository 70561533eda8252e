import { getAddress } from 'ethers';
import { z } from 'zod';
import { chain } from '../../world/environment.ts';
import { rpc } from './rpc.ts';
import { GAS, type OwnTransaction, sendAll, treasurer } from './treasury.ts';

/**
 * The smallest token that is one: balances in the storage at the holder's address, `balanceOf`, `transfer`, the
 * `Transfer` event; its creator gets 10^24 units.
 */
const TOKEN_CODE = [
  '0x6f000000000000d3c21bcecceda100000033556076601d5f3960765ff3', // creation: storage[caller] = 10^24; give back the code below
  '5f3560e01c', // the selector: the first four bytes of the call
  '806370a0823114601c57', // balanceOf(address)? go to 0x1c
  '8063a9059cbb14602757', // transfer(address,uint256)? go to 0x27
  '5f5ffd', // anything else is refused
  '5b600435545f5260205ff3', // 0x1c: give storage[argument 1]
  '5b33546024358082106072578091033355600435805482018155905f52', // 0x27: refused when storage[caller] < argument 2; else move it
  '337fddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef60205fa3', // the event Transfer(caller, argument 1, argument 2)
  '60015f5260205ff3', // true
  '5b5f5ffd', // 0x72: refused
].join('');

const UNITS_EACH = 10n ** 21n;

/** Deploys a token and gives some to each of these; gives its asset id (CAIP-19). */
export async function deployToken(holders: readonly string[]): Promise<string> {
  const owner = treasurer();
  const [hash] = await sendAll(owner, [{ to: null, data: TOKEN_CODE, gasLimit: GAS.deploy }]);
  const receipt = z
    .object({ contractAddress: z.string() })
    .parse(await rpc('eth_getTransactionReceipt', hash));
  const contract = getAddress(receipt.contractAddress);
  await sendAll(
    owner,
    holders.map((to) => tokenTransfer(contract, to, UNITS_EACH)),
  );
  return `${chain.chainId}/erc20:${contract}`;
}

/** A transfer of a token, as its holder sends it. */
export function tokenTransfer(contract: string, to: string, units: bigint): OwnTransaction {
  return { to: contract, data: callOf('a9059cbb', BigInt(to), units), gasLimit: GAS.token };
}

/** What an address holds of a token at the head. */
export async function tokenBalance(assetId: string, address: string): Promise<bigint> {
  const call = { to: assetId.split('erc20:')[1], data: callOf('70a08231', BigInt(address)) };
  return BigInt(String(await rpc('eth_call', call, 'latest')));
}

function callOf(selector: string, ...words: readonly bigint[]): string {
  return `0x${selector}${words.map((word) => word.toString(16).padStart(64, '0')).join('')}`;
}
