import { type Cursor, hear } from '@ironforge/chain-core';
import type { Chain } from '../chains.ts';
import { unlessSilent } from './agreed-on.ts';

/**
 * True when the endpoints agree that another block stands where this one of ours stood. One that still shows ours is
 * enough to wait: after a reorg it follows soon, and one node on a fork of its own must undo nothing. Throws
 * `dependency_down` while too few answer.
 */
export async function isReplaced({ node }: Pick<Chain, 'node'>, { height, hash }: Cursor): Promise<boolean> {
  const verdict = await hear(node.jury, `which block is at ${height}`, async (witness) => {
    const theirs = await witness.hashAt(height);
    if (theirs === null) return 'silent';
    return theirs === hash ? 'yes' : 'no';
  });
  return verdict === 'no';
}

/**
 * True when an endpoint shows another block where this one of ours stands, unless as many as the quorum, and more than show
 * another, show ours. Who does not answer contests nothing: else nothing would be confirmed while one of two is away.
 */
export async function isContested(
  { node: { jury } }: Pick<Chain, 'node'>,
  { height, hash }: Cursor,
): Promise<boolean> {
  const answers = jury.witnesses.map((witness) => witness.hashAt(height).catch(unlessSilent(null)));
  const shown = (await Promise.all(answers)).filter((theirs) => theirs !== null);
  const ours = shown.filter((theirs) => theirs === hash).length;
  const others = shown.length - ours;
  return others > 0 && (ours < jury.quorum || ours <= others);
}
