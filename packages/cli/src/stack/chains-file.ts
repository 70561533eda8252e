import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Home } from '../home.ts';
import { readJson } from '../json-file.ts';
import { trouble } from '../trouble.ts';

/** What the launcher itself needs of a chain; the services check the rest and list every problem at their start. */
const chains = z.array(
  z.looseObject({
    chainId: z.string(),
    kind: z.string(),
    rpcUrls: z.array(z.union([z.string(), z.looseObject({ url: z.string() })])).min(1),
    wsUrl: z.string().nullish(),
  }),
);

/** A chain that IRONFORGE_CHAINS_FILE names, as services read it. */
export type GivenChain = z.output<typeof chains>[number];

/** The chains that IRONFORGE_CHAINS_FILE adds to the local one; none when it is not set. Throws `usage`. */
export function readGivenChains(env: NodeJS.ProcessEnv, localId: string): GivenChain[] {
  const path = env['IRONFORGE_CHAINS_FILE'];
  if (!path) return [];
  const parsed = chains.safeParse(jsonIn(path));
  if (!parsed.success) throw trouble('usage', `${path}: ${z.prettifyError(parsed.error)}`);
  const ids = [localId, ...parsed.data.map(({ chainId }) => chainId)];
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw trouble('usage', `${path}: ${twice} is there twice, or is the local chain`);
  return parsed.data;
}

/** The chains that the running services were started with, the local one first. */
export function readStartedChains(home: Home): GivenChain[] {
  return chains.parse(readJson(join(home.dir, 'run', 'chains.json')) ?? []);
}

function jsonIn(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw trouble('usage', `IRONFORGE_CHAINS_FILE names ${path}, which is no JSON file`, error);
  }
}

/** The first endpoint of a chain, by which scripts and tests may ask it too. */
export function firstUrl({ rpcUrls }: Pick<GivenChain, 'rpcUrls'>): string {
  const [first = ''] = rpcUrls;
  return typeof first === 'string' ? first : first.url;
}
