import { createEvmCodec, parseAddress } from '@ironforge/chain-evm';
import { present } from '@ironforge/kernel';
import {
  type Anvil,
  growCall,
  payThroughCode,
  type TestDatabase,
  tokenCode,
  type TokenRules,
  transferCall,
  waitUntil,
} from '@ironforge/testing';
import type { Config } from './config.ts';

/** The accounts that anvil gives money to and signs for. */
export const ALICE = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
export const BOB = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
export const CAROL = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC';

export const ETHER = 10n ** 18n;

interface Stage {
  readonly anvil: Anvil;
  readonly database: TestDatabase;
  readonly config: Config;
  /** How often watchers looked at a chain. */
  readonly looksAt: (chainId: string) => Promise<number>;
}

/** What people do on the chain, outside of us. */
export function createChainPlay({ anvil, database, config, looksAt }: Stage) {
  const codec = createEvmCodec(
    present(
      config.CHAINS.find(({ chainId }) => chainId === anvil.chainId),
      'its configuration',
    ),
  );
  return {
    transfer: async (from: string, to: string, value: bigint): Promise<string> => {
      const call = { from, to, value: `0x${value.toString(16)}` };
      return String(await anvil.rpc('eth_sendTransaction', [call]));
    },
    checksummed,
    balance: async (address: string): Promise<bigint> =>
      BigInt(String(await anvil.rpc('eth_getBalance', [address, 'latest']))),
    /** Signs with an account of the node, as a signer outside would. */
    sign: async (
      transaction: Readonly<Record<string, unknown>>,
    ): Promise<{ raw: string; txHash: string }> => {
      const raw = String(await anvil.rpc('eth_signTransaction', [{ ...FEES, ...transaction }]));
      const decoding = codec.decodeSigned(raw);
      if (!('decoded' in decoding)) throw new Error(decoding.malformed);
      return { raw, txHash: decoding.decoded.hash };
    },
    /** Waits until the cursor stands on the node's head. */
    caughtUp: () => waitUntil('the watcher to be at the head', () => isAtHead({ anvil, database })),
    lookedAtAgain: () => lookedAtAgain({ anvil, looksAt }),
    /** Deploys a token whose creator, CAROL, gets 10^24 units. */
    deployToken: async (rules: TokenRules = { feePercent: 0 }) => {
      const hash = await anvil.rpc('eth_sendTransaction', [
        { from: CAROL, data: tokenCode(rules), gas: '0x100000' },
      ]);
      await anvil.mine();
      const contract = textAt(await anvil.rpc('eth_getTransactionReceipt', [hash]), 'contractAddress');
      const call = (data: string) =>
        anvil.rpc('eth_sendTransaction', [{ from: CAROL, to: contract, data, gas: '0x100000' }]);
      return {
        assetId: `${anvil.chainId}/erc20:${checksummed(contract)}`,
        transfer: async (to: string, units: bigint): Promise<string> =>
          String(await call(transferCall(to, units))),
        grow: async (percent: number): Promise<void> => void (await call(growCall(percent))),
      };
    },
    /** Pays so that no transaction lists it: by a contract's call. */
    payThrough: async (to: string, value: bigint): Promise<void> => {
      const payment = { from: CAROL, data: payThroughCode(to), value: `0x${value.toString(16)}` };
      await anvil.rpc('eth_sendTransaction', [{ ...payment, gas: '0x100000' }]);
    },
  };
}

async function isAtHead({ anvil, database }: Pick<Stage, 'anvil' | 'database'>): Promise<boolean> {
  const head = await anvil.rpc('eth_getBlockByNumber', ['latest', false]);
  const rows = await database.query('SELECT hash FROM chain_cursors WHERE chain_id = $1', [anvil.chainId]);
  return rows[0]?.['hash'] === textAt(head, 'hash');
}

/** Waits for a whole pass of the follower, whatever it does: from the beginning of the next to that of the one after it. */
async function lookedAtAgain({ anvil, looksAt }: Pick<Stage, 'anvil' | 'looksAt'>): Promise<void> {
  const before = await looksAt(anvil.chainId);
  await waitUntil('two more looks at the chain', async () => (await looksAt(anvil.chainId)) >= before + 2);
}

const FEES = { gas: '0x5208', maxFeePerGas: '0x77359400', maxPriorityFeePerGas: '0x1' };

function textAt(value: unknown, key: string): string {
  const entries = new Map(Object.entries(value ?? {}));
  return String(entries.get(key));
}

function checksummed(contract: string): string {
  const parsed = parseAddress(contract);
  if ('address' in parsed) return parsed.address;
  throw new Error(`${contract} is no address`);
}
