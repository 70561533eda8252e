import { HDNodeWallet } from 'ethers';
import { type EvmAddress, LOCAL_CHAIN_NUMBER } from '../parts/anvil.ts';
import { rpcAnswer } from '../parts/http-answer.ts';

/** One chain as services read it from CHAINS_FILE; times in milliseconds. */
export interface ChainConfig {
  readonly chainId: string;
  readonly name: string;
  readonly kind: 'evm';
  readonly rpcUrls: readonly string[];
  readonly wsUrl?: string;
  readonly nativeAssetId: string;
  readonly nativeSymbol: string;
  readonly decimals: number;
  readonly confirmations: number;
  readonly finality: { readonly kind: 'depth'; readonly depth: number };
  readonly blockTimeMs: number;
  readonly feeModel: 'eip1559';
  /** All balances are read every so many blocks. */
  readonly sweepBlocks: number;
  /** After so many blocks that took nothing of what was sent it is stuck. */
  readonly stuckBlocks: number;
}

/** An account of the node's that pays in development; null where the chain is not a development chain. */
export interface Faucet {
  readonly address: string;
  readonly privateKey: string;
}

/** The chain behind an EVM node, with the depths of a local installation: confirmed at 2, final at 32. */
export async function localChain({ rpcUrl, wsUrl }: EvmAddress): Promise<ChainConfig> {
  const chainId = `eip155:${BigInt(await rpcAnswer(rpcUrl, 'eth_chainId'))}`;
  return {
    chainId,
    name: 'Local Ethereum',
    kind: 'evm',
    rpcUrls: [rpcUrl],
    ...(wsUrl === null ? {} : { wsUrl }),
    nativeAssetId: `${chainId}/slip44:60`,
    nativeSymbol: 'ETH',
    decimals: 18,
    confirmations: 2,
    finality: { kind: 'depth', depth: 32 },
    blockTimeMs: 1_000,
    feeModel: 'eip1559',
    sweepBlocks: 10,
    stuckBlocks: 5,
  };
}

/** The account that pays on the local chain; null where another node was given. */
export function faucetOf(chainId: string): Faucet | null {
  return chainId === `eip155:${LOCAL_CHAIN_NUMBER}` ? developmentFaucet() : null;
}

/** The first account of the phrase that every development node knows (anvil, Hardhat). */
export function developmentFaucet(): Faucet {
  const phrase = `${'test '.repeat(11)}junk`;
  const { address, privateKey } = HDNodeWallet.fromPhrase(phrase);
  return { address, privateKey };
}
