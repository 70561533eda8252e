import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextStep } from './reorg.ts';

const cursor = { height: 10, hash: 'h10' };
const agreed = { theirs: 'h10', ours: 'h10' };

describe('nextStep', () => {
  it('applies a block that stands on ours', () => {
    expect(nextStep(cursor, 0, { nextParentHash: 'h10', meeting: agreed })).toBe('apply');
  });

  it('waits at the tip, and for a node that lags behind on the same chain', () => {
    expect(nextStep(cursor, 0, { nextParentHash: null, meeting: agreed })).toBe('wait');
    expect(nextStep(cursor, 0, { nextParentHash: null, meeting: { theirs: 'h8', ours: 'h8' } })).toBe('wait');
    expect(nextStep(cursor, 0, { nextParentHash: null, meeting: { theirs: null, ours: 'h8' } })).toBe('wait');
  });

  it('undoes when the next block has another parent, or the tips differ, or a shorter chain differs', () => {
    expect(nextStep(cursor, 0, { nextParentHash: 'x10', meeting: agreed })).toBe('undo');
    expect(nextStep(cursor, 0, { nextParentHash: null, meeting: { theirs: 'x10', ours: 'h10' } })).toBe(
      'undo',
    );
    expect(nextStep(cursor, 0, { nextParentHash: null, meeting: { theirs: 'x8', ours: 'h8' } })).toBe('undo');
  });

  it('stops instead of undoing a final block', () => {
    expect(nextStep(cursor, 10, { nextParentHash: 'x10', meeting: agreed })).toBe('stop');
    expect(nextStep(cursor, 9, { nextParentHash: 'x10', meeting: agreed })).toBe('undo');
  });

  it('brings us from any fork above finality to the end of the node’s chain, and ends', () => {
    const lengths = fc.record({ shared: fc.nat(8), ours: fc.nat(8), theirs: fc.nat(8) });
    fc.assert(
      fc.property(lengths, ({ shared, ours, theirs }) => {
        const common = Array.from({ length: shared + 1 }, (_, i) => `c${i}`);
        const node = [...common, ...Array.from({ length: theirs }, (_, i) => `t${i}`)];
        const mine = [...common, ...Array.from({ length: ours }, (_, i) => `o${i}`)];
        const before = [...mine];
        for (let steps = 0; steps < 50 && follow(mine, node); steps++);
        expect(mine).toEqual(theirs > 0 ? node : before);
      }),
    );
  });
});

/** Takes one step of `mine` towards `node`, two chains as lists of hashes; false when there is nothing to do. */
function follow(mine: string[], node: readonly string[]): boolean {
  const height = mine.length - 1;
  const meeting = Math.min(height, node.length - 1);
  const next = node[height + 1] === undefined ? null : (node[height] ?? null);
  const view = {
    nextParentHash: next,
    meeting: { theirs: node[meeting] ?? null, ours: mine[meeting] ?? null },
  };
  const step = nextStep({ height, hash: mine[height] ?? '' }, -1, view);
  if (step === 'apply') mine.push(node[height + 1] ?? '');
  if (step === 'undo') mine.pop();
  return step !== 'wait';
}
