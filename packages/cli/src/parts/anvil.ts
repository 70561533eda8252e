import { chmodSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Program } from '../supervisor/program.ts';
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

/** The EVM node: given, or an anvil of our own that makes a block every second and keeps its chain over a restart. */
export async function anvilPart(context: PartContext): Promise<Part<EvmAddress>> {
  const found = await findSource({
    name: 'An Ethereum node',
    variable: 'ETHEREUM_RPC_URL',
    program: 'anvil',
    given: context.env['ETHEREUM_RPC_URL'],
    onPath: async () => binaryIn(folderOnPath(context.env, 'anvil')),
    fetch: installedAnvil,
  });
  if (found.from === 'url') {
    const address = { rpcUrl: found.url, wsUrl: context.env['ETHEREUM_WS_URL'] ?? null };
    return { name: 'anvil', source: 'given by ETHEREUM_RPC_URL', address, stages: [] };
  }
  const port = portOf(context.ports, 'anvil');
  const address = { rpcUrl: `http://127.0.0.1:${port}`, wsUrl: `ws://127.0.0.1:${port}` };
  const program = anvilProgram(context, found.binary, address.rpcUrl);
  return { name: 'anvil', source: found.binary, address, stages: [[program]] };
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

// Without a state file a restart would lose the chain.
function anvilProgram({ home, env, ports }: PartContext, binary: string, url: string): Program {
  const port = portOf(ports, 'anvil');
  const state = join(home.data, 'anvil', 'state.json');
  const args = ['--host', '127.0.0.1', '--port', String(port), '--chain-id', String(LOCAL_CHAIN_NUMBER)];
  return {
    name: 'anvil',
    kind: 'server',
    command: binary,
    args: [...args, '--block-time', '1', '--state', state, ...ownArguments(env)],
    env: {},
    ports: { anvil: port },
    url,
    stopSignal: 'SIGTERM',
    prepare: async () => {
      mkdirSync(dirname(state), { recursive: true });
    },
    ask: () => askEvmNode(url),
  };
}

// A bench asks for a greater gas limit, and not for the whole chain to be written down every second.
function ownArguments(env: NodeJS.ProcessEnv): readonly string[] {
  return (env['IRONFORGE_ANVIL_ARGUMENTS'] ?? '--state-interval 1').split(' ');
}
