import { hash } from 'node:crypto';
import { present } from '../world/present.ts';

/** The root of the tree over these texts in base64, computed word by word as RFC 9162, 2.1.1 says it. */
export function rootOver(texts: readonly string[]): string {
  const leaves = texts.map((text) => sha256(Buffer.concat([LEAF, Buffer.from(text)])));
  return treeHash(leaves).toString('base64');
}

const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);

function treeHash(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 1) return present(leaves[0], 'a leaf');
  const half = 2 ** (Math.ceil(Math.log2(leaves.length)) - 1);
  return sha256(Buffer.concat([NODE, treeHash(leaves.slice(0, half)), treeHash(leaves.slice(half))]));
}

function sha256(bytes: Buffer): Buffer {
  return hash('sha256', bytes, 'buffer');
}
