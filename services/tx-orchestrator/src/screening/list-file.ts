import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { type AddressScreening, spelled, unavailable } from './screening.ts';

const listed = z.array(
  z.strictObject({
    address: z.string().min(1),
    chainId: z.string().optional(),
    reason: z.string().optional(),
  }),
);

type Listed = z.infer<typeof listed>;

/**
 * The installation's own list: a JSON file of `{ address, chainId?, reason? }`, without a chain for all. It is looked at for
 * each question, so that a changed file counts at once; one that cannot be read or understood screens nothing.
 */
export function createListScreening(path: string): AddressScreening {
  let known: { readonly stamp: string; readonly list: Listed } | null = null;
  return async ({ chainId, addresses }) => {
    const stamp = await stampOf(path);
    if (known?.stamp !== stamp) known = { stamp, list: await read(path) };
    const counting = known.list.filter((one) => one.chainId === undefined || one.chainId === chainId);
    const blocked = new Set(counting.map(({ address }) => spelled(address)));
    const hits = addresses.filter((address) => blocked.has(spelled(address)));
    return hits.map((address) => ({ address, source: 'installation' }));
  };
}

async function stampOf(path: string): Promise<string> {
  try {
    const { ino, mtimeMs, size } = await stat(path);
    return `${ino} ${mtimeMs} ${size}`;
  } catch (cause) {
    throw unavailable('the list of blocked addresses cannot be read', cause);
  }
}

async function read(path: string): Promise<Listed> {
  try {
    return listed.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    throw unavailable('the list of blocked addresses cannot be understood', cause);
  }
}
