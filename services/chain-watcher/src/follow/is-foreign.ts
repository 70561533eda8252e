import type { ChainNode } from '@ironforge/chain-core';

/** True when every endpoint of a chain said to be of another one: then nobody can tell us anything of ours. */
export function isForeign(node: Pick<ChainNode, 'endpoints'>): boolean {
  return node.endpoints().every(({ state }) => state === 'wrong_chain');
}
