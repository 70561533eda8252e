import { branded, type AssetId, type ChainId } from '@ironforge/kernel';
import { type Environment, jsonText, readConfig, SERVICE_ENV } from '@ironforge/service-kit';
import { z } from 'zod';

const chain = z.object({
  chainId: z.string().transform((id) => branded<ChainId>(id)),
  kind: z.literal('evm'),
  nativeAssetId: z.string().transform((id) => branded<AssetId>(id)),
  /** Of the native asset. */
  decimals: z.int().min(0).max(77).default(18),
  feeModel: z.enum(['eip1559', 'legacy']),
  /** After so many blocks that took nothing of what was sent it is stuck. */
  stuckBlocks: z.int().min(1).default(20),
});

const configuration = z.object({
  ...SERVICE_ENV,
  DATABASE_URL: z.url(),
  AMQP_URL: z.url(),
  REDIS_URL: z.url(),
  IDENTITY_URL: z.url(),
  WALLET_REGISTRY_URL: z.url(),
  CHAIN_WATCHER_EVM_URL: z.url(),
  /** A list of addresses that nobody may pay; looked at anew for each question. */
  SCREENING_LIST_FILE: z.string().optional(),
  /** A screening service; nothing is signed off while it does not answer. */
  SCREENING_URL: z.url().optional(),
  SCREENING_TOKEN: z.string().optional(),
  SCREENING_TIMEOUT_MS: z.coerce.number().int().min(100).max(60_000).default(5_000),
  /** The chains of the installation; this service reads what payloads depend on. */
  CHAINS: jsonText(z.array(chain).min(1)),
});

/** All that the service is told from outside. */
export type Config = z.output<typeof configuration>;

/** The part of a chain's configuration that payloads depend on. */
export type ChainRules = z.output<typeof chain>;

/** Reads the configuration; throws AppError `config_invalid` with every problem at once. */
export function parseConfig(environment: Environment): Config {
  return readConfig(configuration, environment);
}
