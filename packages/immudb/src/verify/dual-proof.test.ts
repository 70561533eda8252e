import { describe, expect, it } from 'vitest';
import { type DualProof, faultOfDualProof } from './dual-proof.ts';
import { type Habits, playLedger } from './played-ledger.fixture.ts';
import { innerHash, txHash } from '@ironforge/audit-log';

const LENGTH = 14;
const today: Habits = { lagOf: () => 0, versionOf: () => 1 };
const lagging: Habits = { lagOf: (id) => [0, 3, 1, 5, 2][id % 5] ?? 0, versionOf: () => 1 };
const grown: Habits = { lagOf: (id) => (id < 8 ? 4 : 0), versionOf: (id) => (id < 6 ? 0 : 1) };
const pairs = Array.from({ length: LENGTH }, (_, s) =>
  Array.from({ length: LENGTH - s }, (__, n) => [s + 1, s + 1 + n] as const),
).flat();

/** Every hash and every number of a proof changed by little, one at a time. */
function spoilt(value: unknown): unknown[] {
  if (value instanceof Uint8Array) return [value.map((byte, at) => (at === 5 ? byte ^ 1 : byte))];
  if (typeof value === 'bigint') return [value + 1n];
  if (typeof value === 'number') return [value === 1 ? 0 : value + 1];
  if (Array.isArray(value)) return spoiltList(value);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, one]) =>
    spoilt(one).map((bad) => ({ ...value, [name]: bad })),
  );
}

/** One of them changed, one left out at either end, one told twice. */
function spoiltList(list: readonly unknown[]): unknown[] {
  if (list.length === 0) return [];
  const changed = list.flatMap((one, at) => spoilt(one).map((bad) => list.with(at, bad)));
  return [...changed, list.slice(1), list.slice(0, -1), [...list, list[0]]];
}

const isDualProof = (value: unknown): value is DualProof =>
  typeof value === 'object' && value !== null && 'sourceTxHeader' in value;

describe.each([
  ['as a server of today writes it', today],
  ['whose tree lags behind its chain', lagging],
  ['that began in version 0 and lagged then', grown],
])('a ledger %s', (_, habits) => {
  const ledger = playLedger(LENGTH, habits);

  it('is proved to go on, from each transaction to each later one', () => {
    for (const [source, target] of pairs) expect(faultOfDualProof(ledger.proof(source, target))).toBeNull();
  });

  it('is not proved when anything is changed that the newer hash does not hold', () => {
    let tried = 0;
    for (const [source, target] of pairs) {
      const { sourceTxHeader, targetTxHeader, ...rest } = ledger.proof(source, target);
      const same = source === target || sourceTxHeader.blTxId === targetTxHeader.blTxId;
      const { consistencyProof, ...needed } = rest;
      for (const bad of spoilt(same ? needed : { consistencyProof, ...needed })) {
        const changes = typeof bad === 'object' ? bad : {};
        const proof: unknown = { sourceTxHeader, targetTxHeader, ...rest, ...changes };
        if (!isDualProof(proof) || targetTxHeader.blTxId === 0n) continue;
        tried += 1;
        expect([source, target, faultOfDualProof(proof)]).not.toEqual([source, target, null]);
      }
    }
    expect(tried).toBeGreaterThan(1_000);
  });

  it('is not proved to go on in another history', () => {
    const other = playLedger(LENGTH, habits, { seed: 1, since: 6 });
    for (const [source, target] of pairs.filter(([from, to]) => from >= 6 && to > from)) {
      const ours = ledger.proof(source, target);
      const theirs = other.proof(source, target);
      expect(faultOfDualProof({ ...theirs, sourceTxHeader: ours.sourceTxHeader })).not.toBeNull();
      expect(faultOfDualProof({ ...ours, targetTxHeader: theirs.targetTxHeader })).not.toBeNull();
    }
  });

  it('is not proved backwards', () => {
    const { sourceTxHeader, targetTxHeader, ...rest } = ledger.proof(3, 9);
    const backwards = { ...rest, sourceTxHeader: targetTxHeader, targetTxHeader: sourceTxHeader };
    expect(faultOfDualProof(backwards)).toBe('the transactions are out of order');
  });
});

describe('the advance of the tree over the chain', () => {
  it('must be shown: without it tree and chain could tell two histories', () => {
    const ledger = playLedger(LENGTH, { lagOf: (id) => (id < 10 ? 6 : 0), versionOf: () => 1 });
    const proof = ledger.proof(8, 12);
    expect(proof.LinearAdvanceProof?.linearProofTerms.length).toBeGreaterThan(2);
    expect(faultOfDualProof(proof)).toBeNull();
    expect(faultOfDualProof({ ...proof, LinearAdvanceProof: null })).toBe('the tree does not hold the chain');
  });
});

describe('a tree that holds another last transaction than the chain', () => {
  const ours = playLedger(8, today);
  const theirs = playLedger(8, today, { seed: 1, since: 7 });
  const forged = theirs.proof(7, 8);
  const { linearProof, ...honest } = ours.proof(7, 8);
  const target = { ...honest.targetTxHeader, blRoot: forged.targetTxHeader.blRoot };
  const { consistencyProof, targetBlTxAlh, lastInclusionProof } = forged;
  const tree = { ...honest, targetTxHeader: target, consistencyProof, targetBlTxAlh, lastInclusionProof };

  it('is not proved to go on from that transaction', () => {
    const terms = [...linearProof.terms.slice(0, 1), innerHash(target)];
    expect(faultOfDualProof({ ...tree, linearProof: { ...linearProof, terms } })).toBe(
      'the last of the tree is another transaction',
    );
  });

  it('is not proved to be a ledger of its own', () => {
    const alone = { sourceTxId: 8n, TargetTxId: 8n, terms: [txHash(target)] };
    expect(faultOfDualProof({ ...tree, sourceTxHeader: target, linearProof: alone })).toBe(
      'the last of the tree is another transaction',
    );
  });
});

describe('a tree that is ahead of its chain', () => {
  it('is not proved', () => {
    const { sourceTxHeader, targetTxHeader, ...rest } = playLedger(8, today).proof(3, 8);
    const outOfOrder = 'the trees are out of order';
    const ahead = { ...rest, sourceTxHeader, targetTxHeader: { ...targetTxHeader, blTxId: 8n } };
    expect(faultOfDualProof(ahead)).toBe(outOfOrder);
    const older = { ...rest, sourceTxHeader: { ...sourceTxHeader, blTxId: 3n }, targetTxHeader };
    expect(faultOfDualProof(older)).toBe(outOfOrder);
    const shrunk = { ...rest, sourceTxHeader, targetTxHeader: { ...targetTxHeader, blTxId: 1n } };
    expect(faultOfDualProof(shrunk)).toBe(outOfOrder);
  });
});
