import { branded, type AssetId, type ChainId } from '@ironforge/kernel';
import { type Environment, jsonText, readConfig, SERVICE_ENV } from '@ironforge/service-kit';
import { z } from 'zod';

const chain = z.object({
  chainId: z.string().transform((id) => branded<ChainId>(id)),
  kind: z.literal('evm'),
  name: z.string().min(1),
  nativeAssetId: z.string().transform((id) => branded<AssetId>(id)),
  nativeSymbol: z.string().min(1),
  decimals: z.int().min(0).max(77),
});

const configuration = z.object({
  ...SERVICE_ENV,
  DATABASE_URL: z.url(),
  AMQP_URL: z.url(),
  IDENTITY_URL: z.url(),
  TX_ORCHESTRATOR_URL: z.url(),
  CHAIN_WATCHER_EVM_URL: z.url(),
  /** The chains of the installation; this service reads their coins. */
  CHAINS: jsonText(z.array(chain).min(1)),
});

/** All that the service is told from outside. */
export type Config = z.output<typeof configuration>;

/** The part of a chain's configuration that wallets and assets depend on. */
export type ChainCoin = z.output<typeof chain>;

/** Reads the configuration; throws AppError `config_invalid` with every problem at once. */
export function parseConfig(environment: Environment): Config {
  return readConfig(configuration, environment);
}
