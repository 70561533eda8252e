/** One service of the installation: how its process is named, where its program is, what sets it apart. */
export interface Service {
  readonly name: string;
  readonly folder: string;
  /** The variable by which the others know its address; null for the gateway, which nobody inside asks. */
  readonly addressVariable: string | null;
}

/** Every service in the order of starting; the gateway last, since it opens the door. */
export const SERVICES: readonly Service[] = [
  { name: 'identity', folder: 'identity', addressVariable: 'IDENTITY_URL' },
  { name: 'wallet-registry', folder: 'wallet-registry', addressVariable: 'WALLET_REGISTRY_URL' },
  { name: 'tx-orchestrator', folder: 'tx-orchestrator', addressVariable: 'TX_ORCHESTRATOR_URL' },
  { name: 'chain-watcher-evm', folder: 'chain-watcher', addressVariable: 'CHAIN_WATCHER_EVM_URL' },
  { name: 'audit', folder: 'audit', addressVariable: 'AUDIT_URL' },
  { name: 'gateway', folder: 'gateway', addressVariable: null },
];

/** The names of all services. */
export const SERVICE_NAMES: readonly string[] = SERVICES.map(({ name }) => name);

/** The names of all listeners of an installation. */
export const PORT_NAMES: readonly string[] = [
  'postgres',
  'redis',
  'epmd',
  'rabbitmq',
  'rabbitmq-management',
  'rabbitmq-distribution',
  'anvil',
  'immudb',
  ...SERVICE_NAMES,
];
