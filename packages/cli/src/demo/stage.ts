import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Environment } from '@ironforge/contracts';
import { present } from '@ironforge/kernel';
import { type Api, createApi } from '../api/client.ts';
import { trouble } from '../trouble.ts';
import { createEvmNode, type EvmNode } from './node.ts';

/** What the story plays on: a running installation, its node, and a private folder for the signer. */
export interface Stage {
  readonly chainId: string;
  /** An account of the development node that pays deposits. */
  readonly faucet: { readonly address: string; readonly privateKey: string };
  readonly superAdmin: Environment['users'][number];
  readonly node: EvmNode;
  readonly gatewayUrl: string;
  /** Mode 0700; removed when the story ends. */
  readonly folder: string;
  /** The API, for a token or key, or for nobody in particular. */
  api(bearer?: string): Api;
  /** Runs `ironforge …` as a process of its own, with this API key in its environment, and gives what it prints. */
  runCli(args: readonly string[], apiKey?: string): Promise<string>;
}

/** Sets the stage in an installation and a folder. */
export function createStage(environment: Environment, root: string, folder: string): Stage {
  const chain = present(environment.chains[0], 'a chain to play on');
  return {
    chainId: chain.chainId,
    faucet: present(chain.faucet, 'a faucet: the story needs a development chain'),
    superAdmin: present(
      environment.users.find(({ roles }) => roles.includes('super_admin')),
      'the super_admin of the installation',
    ),
    node: createEvmNode(chain.rpcUrl, chain.chainId),
    gatewayUrl: environment.gatewayUrl,
    folder,
    api: (bearer) => createApi(environment.gatewayUrl, bearer),
    runCli: (args, apiKey) => runCli(join(root, 'packages/cli/src/main.ts'), args, apiKey),
  };
}

const run = promisify(execFile);

async function runCli(main: string, args: readonly string[], apiKey?: string): Promise<string> {
  const { PATH = '', HOME = '/' } = process.env;
  const env = { PATH, HOME, ...(apiKey !== undefined && { IRONFORGE_API_KEY: apiKey }) };
  try {
    const { stdout } = await run(process.execPath, [main, ...args], { env, timeout: 30_000 });
    return stdout.trim();
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
    throw trouble('failed', `ironforge ${args[0]}: ${said}`, error);
  }
}
