import { parseAddress } from '@ironforge/chain-evm';
import type { Anvil } from '@ironforge/testing';
import { Wallet } from 'ethers';
import { BOB } from './chain-play.fixture.ts';

/** The first account that anvil gives money to: ALICE; published, worth nothing anywhere else. */
const alice = new Wallet('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'); // published

/** What ALICE lets others do in her name (EIP-7702); BOB sends it and pays for it. */
export function createDelegationPlay(anvil: Anvil) {
  const send = async (fields: object): Promise<string> =>
    String(await anvil.rpc('eth_sendTransaction', [{ from: BOB, gas: '0x100000', ...fields }]));
  return {
    /** BOB sends ALICE's authorization, which spends that nonce of hers; gives the signed bytes that did it. */
    delegate: async (nonce: number, to: string = BOB): Promise<string> => {
      const { address, chainId, signature } = await alice.authorize({ address: to, nonce, chainId: 31337n });
      const { yParity, r, s } = signature;
      const quantities = {
        chainId: hex(chainId),
        nonce: hex(nonce),
        yParity: hex(yParity),
        r: hex(r),
        s: hex(s),
      };
      const hash = await send({ to: BOB, type: '0x4', authorizationList: [{ address, ...quantities }] });
      return await rawOf(anvil, hash);
    },
    /** BOB deploys code that creates an empty contract whenever it is called, and mines it. */
    deployCreator: async (): Promise<string> => {
      const hash = await send({ data: CREATOR_CODE });
      await anvil.mine();
      const receipt = await anvil.rpc('eth_getTransactionReceipt', [hash]);
      const parsed = parseAddress(textAt(receipt, 'contractAddress'));
      if ('address' in parsed) return parsed.address;
      throw new Error('no contract was created');
    },
    /** BOB calls ALICE, and so the code that she delegated to. */
    call: async (to: string): Promise<string> => await send({ to }),
  };
}

/** Creation code of six bytes that run `CREATE(0, 0, 0)`: PUSH0 PUSH0 PUSH0 CREATE POP STOP. */
const CREATOR_CODE = '0x655f5f5ff050005f526006601af3';

function hex(value: string | number | bigint): string {
  return `0x${BigInt(value).toString(16)}`;
}

async function rawOf(anvil: Anvil, hash: string): Promise<string> {
  return String(await anvil.rpc('eth_getRawTransactionByHash', [hash]));
}

function textAt(value: unknown, key: string): string {
  return String(new Map(Object.entries(value ?? {})).get(key));
}
