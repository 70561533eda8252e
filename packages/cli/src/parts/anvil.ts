import { chmodSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Program } from '../supervisor/program.ts';
import { keepFirstGenesis } from './anvil-state.ts';
import { askEvmNode } from './asks.ts';
import { architecture } from './fetch-npm.ts';
import { findSource } from './find-source.ts';
import { folderOnPath, isProgram } from './on-path.ts';
import type { Part, PartContext } from './part.ts';
import { portOf } from './port-of.ts';

/** The number of the local chain, anvil's own default. */
export const LOCAL_CHAIN_NUMBER = 31337;

/** How a local EVM node is reached; `wsUrl` is null when only the HTTP address was given. */
export interface EvmAddress {
  readonly rpcUrl: string;
  readonly wsUrl: string | null;
}

/** A development node of our own: its name among the parts, the number of its chain, and how fast it makes blocks. */
export interface DevelopmentNode {
  readonly name: string;
  readonly chainNumber: number;
  readonly blockTimeSeconds: number;
}

const LOCAL_NODE: DevelopmentNode = { name: 'anvil', chainNumber: LOCAL_CHAIN_NUMBER, blockTimeSeconds: 1 };

/** The node of the local chain: given, or an anvil of our own that makes a block every second. */
export async function anvilPart(context: PartContext): Promise<Part<EvmAddress>> {
  const given = context.env['ETHEREUM_RPC_URL'];
  if (given === undefined || given === '') return ownAnvilPart(context, LOCAL_NODE);
  const address = { rpcUrl: given, wsUrl: context.env['ETHEREUM_WS_URL'] ?? null };
  return { name: 'anvil', source: 'given by ETHEREUM_RPC_URL', address, stages: [] };
}

/** An anvil of our own, which keeps its chain over a restart. */
export async function ownAnvilPart(context: PartContext, node: DevelopmentNode): Promise<Part<EvmAddress>> {
  const binary = await findAnvil(context);
  const port = portOf(context.ports, node.name);
  const address = { rpcUrl: `http://127.0.0.1:${port}`, wsUrl: `ws://127.0.0.1:${port}` };
  const program = anvilProgram(context, { ...node, binary, url: address.rpcUrl });
  return { name: node.name, source: binary, address, stages: [[program]] };
}

async function findAnvil({ env }: PartContext): Promise<string> {
  const found = await findSource({
    name: 'An Ethereum node',
    variable: 'ETHEREUM_RPC_URL',
    program: 'anvil',
    given: undefined,
    onPath: async () => binaryIn(folderOnPath(env, 'anvil')),
    fetch: installedAnvil,
  });
  return found.from === 'url' ? found.url : found.binary;
}

function binaryIn(folder: string | null): string | null {
  return folder === null ? null : join(folder, 'anvil');
}

// It came with the workspace, as an optional dependency of this package for this platform.
async function installedAnvil(): Promise<string> {
  const processor = architecture({ x64: 'amd64', arm64: 'arm64' });
  const name = `@foundry-rs/anvil-linux-${processor}/bin/anvil`;
  const binary = createRequire(import.meta.url).resolve(name);
  if (!isProgram(binary)) chmodSync(binary, 0o755);
  return binary;
}

interface StartedNode extends DevelopmentNode {
  readonly binary: string;
  readonly url: string;
}

// Without a state file a restart would lose the chain.
function anvilProgram({ home, env, ports }: PartContext, node: StartedNode): Program {
  const { name, url } = node;
  const port = portOf(ports, name);
  const state = join(home.data, name, 'state.json');
  const listener = ['--host', '127.0.0.1', '--port', String(port)];
  const chain = ['--chain-id', String(node.chainNumber), '--block-time', String(node.blockTimeSeconds)];
  return {
    name,
    kind: 'server',
    command: node.binary,
    args: [...listener, ...chain, '--state', state, ...ownArguments(env)],
    env: {},
    ports: { [name]: port },
    url,
    stopSignal: 'SIGTERM',
    prepare: async () => {
      mkdirSync(dirname(state), { recursive: true });
      keepFirstGenesis(state);
    },
    ask: () => askEvmNode(url),
  };
}

// A bench asks for a greater gas limit, and not for the whole chain to be written down every second.
function ownArguments(env: NodeJS.ProcessEnv): readonly string[] {
  return (env['IRONFORGE_ANVIL_ARGUMENTS'] ?? '--state-interval 1').split(' ');
}
