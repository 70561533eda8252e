import { readFileSync } from 'node:fs';
import { webSocketUrl } from '@ironforge/contracts';
import { present } from '@ironforge/kernel';
import { z } from 'zod';
import { type DevelopmentNode, type EvmAddress, LOCAL_CHAIN_NUMBER } from '../parts/anvil.ts';
import type { ChainPlace } from '../supervisor/state-file.ts';
import { hasSystemCode } from '../json-file.ts';
import { trouble } from '../trouble.ts';
import { PORT_NAMES } from './services.ts';

/** The variable that names the file of the chains beside the local one (docs/operators/chains.md). */
export const CHAINS_VARIABLE = 'IRONFORGE_CHAINS_FILE';

const url = z.url({ protocol: /^https?$/ });

const entry = z.looseObject({
  chainId: z.string().regex(/^eip155:[1-9][0-9]{0,15}$/),
  name: z.string().min(1),
  rpcUrls: z
    .array(z.union([url, z.looseObject({ url })]))
    .min(1)
    .optional(),
  wsUrl: webSocketUrl.nullish(),
  blockTimeMs: z.int().min(1),
});

const chainsFile = z.array(entry).superRefine((chains, context) => {
  const seen = new Set([`eip155:${LOCAL_CHAIN_NUMBER}`]);
  for (const [index, { chainId }] of chains.entries()) {
    if (seen.has(chainId))
      context.addIssue({ code: 'custom', path: [index, 'chainId'], message: 'is there twice' });
    seen.add(chainId);
  }
});

/** A chain beside the local one as its file says it; without `rpcUrls` it gets a development node of its own. */
export type FurtherChain = z.output<typeof entry>;

/** The chains beside the local one; none when no file is named. Throws `usage`, and never tells a URL, which may hold a key. */
export function readFurtherChains(env: NodeJS.ProcessEnv): readonly FurtherChain[] {
  const path = env[CHAINS_VARIABLE];
  if (path === undefined || path === '') return [];
  const parsed = chainsFile.safeParse(jsonIn(path));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `/${issue.path.join('/')}: ${issue.message}`);
  throw trouble('usage', `${CHAINS_VARIABLE}: ${path}: ${problems.join('; ')}`);
}

/** The nodes to start: one for each chain that names none. */
export function developmentNodesOf(chains: readonly FurtherChain[]): readonly DevelopmentNode[] {
  return chains.filter(({ rpcUrls }) => rpcUrls === undefined).map(developmentNodeOf);
}

/** The names of all listeners of an installation with these chains. */
export function portNamesOf(chains: readonly FurtherChain[]): readonly string[] {
  return [...PORT_NAMES, ...developmentNodesOf(chains).map(({ name }) => name)];
}

/** Where each chain is asked first of all, by the addresses of the nodes that were started. */
export function placesOf(
  chains: readonly FurtherChain[],
  started: ReadonlyMap<string, EvmAddress>,
): ChainPlace[] {
  return chains.map((chain) => {
    const { chainId, rpcUrls, wsUrl } = chain;
    const [first] = rpcUrls ?? [];
    if (first === undefined) {
      const { name } = developmentNodeOf(chain);
      return { chainId, ...present(started.get(name), name), isOurs: true };
    }
    const rpcUrl = typeof first === 'string' ? first : first.url;
    return { chainId, rpcUrl, wsUrl: wsUrl ?? null, isOurs: false };
  });
}

/** A chain's entry in the file that the services read: what was given, and the node that was started for it. */
export function configOf(chain: FurtherChain, places: readonly ChainPlace[]): object {
  const place = present(
    places.find(({ chainId }) => chainId === chain.chainId),
    chain.chainId,
  );
  return place.isOurs ? { ...chain, rpcUrls: [place.rpcUrl], wsUrl: place.wsUrl } : chain;
}

function developmentNodeOf({ chainId, blockTimeMs }: FurtherChain): DevelopmentNode {
  const chainNumber = Number(chainId.replace('eip155:', ''));
  const blockTimeSeconds = Math.max(1, Math.round(blockTimeMs / 1_000));
  return { name: `anvil-${chainNumber}`, chainNumber, blockTimeSeconds };
}

function jsonIn(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const what = hasSystemCode(error, 'ENOENT') ? 'does not exist' : 'cannot be read as JSON';
    throw trouble('usage', `${CHAINS_VARIABLE}: ${path} ${what}`, error);
  }
}
