/** One row of ARCHITECTURE.md's table "Who may import whom". */
export interface Layer {
  readonly level: number;
  readonly title: string;
  /** Workspace packages that code of this folder may import. */
  readonly workspace: readonly string[];
  /** npm packages it may import, or `any` but the drivers of others. */
  readonly npm: readonly string[] | 'any';
  /** True where the same input must always give the same output: no clock, chance, process or network. */
  readonly isPure: boolean;
}

const CORE = ['kernel', 'contracts', 'chain-core', 'tx-core', 'audit-log'];
const ADAPTERS = ['schema', 'store', 'bus', 'cache', 'chain-evm', 'immudb'];

const LAYERS: Readonly<Record<string, Layer>> = {
  'packages/kernel': pure(0, [], []),
  'packages/contracts': pure(
    1,
    ['kernel'],
    ['zod', '@asteasolutions/zod-to-openapi', '@noble/hashes', '@scure/base', '@scure/bip39'],
  ),
  'packages/chain-core': pure(1, ['kernel', 'contracts'], ['zod']),
  'packages/tx-core': pure(
    1,
    ['kernel', 'contracts', 'chain-core'],
    ['zod', '@noble/hashes', 'canonicalize'],
  ),
  'packages/audit-log': pure(
    1,
    ['kernel'],
    ['@noble/curves', '@noble/hashes', '@scure/base', 'canonicalize'],
  ),
  'packages/schema': adapter(CORE, ['pg']),
  'packages/store': adapter([...CORE, 'schema'], ['knex', 'pg', 'cockatiel']),
  'packages/bus': adapter(CORE, ['amqplib', 'cockatiel']),
  'packages/cache': adapter(CORE, ['ioredis', 'rate-limiter-flexible']),
  'packages/chain-evm': adapter(CORE, ['ethers', 'ws', 'cockatiel', 'undici']),
  'packages/immudb': adapter(CORE, ['@grpc/grpc-js', '@grpc/proto-loader', 'zod']),
  'packages/service-kit': kit([...CORE, ...ADAPTERS]),
  'packages/testing': kit([...CORE, ...ADAPTERS]),
  'packages/cli': kit([...CORE, ...ADAPTERS]),
  e2e: { level: 5, title: 'black box', workspace: ['contracts', 'testing'], npm: 'any', isPure: false },
};

const SERVICE: Layer = { ...kit([...CORE, ...ADAPTERS, 'service-kit']), level: 4, title: 'service' };

/** Who alone may speak to a server, a broker or a chain by itself. */
export const DRIVERS: Readonly<Record<string, readonly string[]>> = {
  pg: ['packages/schema', 'packages/store', 'packages/testing', 'packages/cli', 'e2e'],
  knex: ['packages/store'],
  amqplib: ['packages/bus', 'packages/testing', 'e2e'],
  ioredis: ['packages/cache', 'packages/testing', 'e2e'],
  ethers: ['packages/chain-evm', 'packages/testing', 'packages/cli', 'e2e'],
  '@grpc/grpc-js': ['packages/immudb', 'packages/testing', 'e2e'],
  '@grpc/proto-loader': ['packages/immudb'],
  ws: ['packages/chain-evm', 'packages/testing', 'e2e'],
};

/** The folder of the workspace that a file belongs to: `packages/kernel`, `services/audit`, `e2e`; null outside of all. */
export function folderOf(file: string): string | null {
  return /^(?:packages|services)\/[^/]+(?=\/)|^e2e(?=\/)/.exec(file)?.[0] ?? null;
}

/** The layer of a folder; null for a folder that nobody has put into the table yet. */
export function layerOf(folder: string): Layer | null {
  return folder.startsWith('services/') ? SERVICE : (LAYERS[folder] ?? null);
}

function pure(level: number, workspace: readonly string[], npm: readonly string[]): Layer {
  return { level, title: level === 0 ? 'kernel' : 'pure', workspace, npm, isPure: true };
}

function adapter(workspace: readonly string[], npm: readonly string[]): Layer {
  return { level: 2, title: 'adapter', workspace, npm, isPure: false };
}

function kit(workspace: readonly string[]): Layer {
  return { level: 3, title: 'kit', workspace, npm: 'any', isPure: false };
}
