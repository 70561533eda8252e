import type { ServiceName } from '@ironforge/contracts';
import type { Config } from './config.ts';

/** The services behind the gateway. */
export type Upstream = Exclude<ServiceName, 'gateway'>;

/** Base URLs by service. */
export type Upstreams = Readonly<Record<Upstream, string>>;

/** Where each service listens. */
export function upstreamsOf(config: Config): Upstreams {
  return {
    identity: config.IDENTITY_URL,
    'wallet-registry': config.WALLET_REGISTRY_URL,
    'tx-orchestrator': config.TX_ORCHESTRATOR_URL,
    'chain-watcher': config.CHAIN_WATCHER_EVM_URL,
    audit: config.AUDIT_URL,
  };
}
