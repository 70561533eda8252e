import { hash } from 'node:crypto';
import { present } from '../world/present.ts';

/** The root of the tree over these leaves in base64, computed word by word as RFC 9162, 2.1.1 says it. */
export function rootOver(leaves: readonly Buffer[]): string {
  return treeHash(leaves).toString('base64');
}

/** The leaf of a text, as RFC 9162, 2.1.1 says it. */
export function leafOf(text: string): Buffer {
  return sha256(Buffer.concat([LEAF, Buffer.from(text)]));
}

/** The hash over leaves, one after the other, in hexadecimal digits. */
export function hashOver(leaves: readonly Buffer[]): string {
  return sha256(Buffer.concat(leaves)).toString('hex');
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
