import { test } from 'vitest';
import { situation, when } from './arrows.fixture.ts';
import { ADOPTED, LATE_MS, LEASE, mined, PAYMENT } from './situations.ts';

test('a signature that is due is signed and dispatched at once, and one that waits is dispatched later', () => {
  const offered = situation('approved, payload offered');
  const signature = { type: 'acceptSignature', leaseId: LEASE, txHash: mined.txHash, slotFence: 1 } as const;
  const due = when(offered, { ...signature, isDue: true }, '→ signed (signed)');
  when(due, { type: 'dispatch', attemptId: PAYMENT }, 'no change');
  when(due, { type: 'expire' }, 'refused: not_due', LATE_MS);
  const waiting = when(offered, { ...signature, isDue: false }, '→ signed (signed)');
  when(waiting, { type: 'dispatch', attemptId: PAYMENT }, '→ signed (dispatched)');
});

test('bytes of what a block showed first are kept, and go out when a reorg takes it away', () => {
  const kept = when(adopted(), { ...SIGNATURE, slotFence: null }, '→ broadcasted (signed)');
  when(kept, { ...SIGNATURE, slotFence: null }, 'no change');
  const undone = when(kept, UNSPEND, '→ broadcasted · reorged (reorged)');
  when(undone, { type: 'dispatch', attemptId: PAYMENT }, '→ broadcasted (dispatched)');
});

test('they are kept after the reorg too, unless another request was given the nonce', () => {
  const undone = when(adopted(), UNSPEND, '→ broadcasted · reorged (reorged)');
  when(undone, { ...SIGNATURE, slotFence: null }, 'refused: lease_lost');
  when(undone, { ...SIGNATURE, slotFence: 1, txHash: '0x99' }, 'refused: illegal_transition');
  when(undone, { ...SIGNATURE, slotFence: 1 }, '→ broadcasted · reorged (signed)');
});

test('they are not kept while something else has the nonce', () => {
  const undone = when(adopted(), UNSPEND, '→ broadcasted · reorged (reorged)');
  const lost = when(undone, SPEND_OUTSIDE, '→ broadcasted · reorged (observed)');
  when(lost, { ...SIGNATURE, slotFence: null }, 'refused: lease_lost');
});

const SIGNATURE = { type: 'acceptSignature', leaseId: LEASE, txHash: mined.txHash, isDue: false } as const;
const UNSPEND = { type: 'unspend', nonce: 7, version: 2 } as const;
const SPEND_OUTSIDE = { type: 'spendOutside', nonce: 7, version: 3, depth: 'included' } as const;

/** The signer sent it by himself, and a block has it. */
function adopted() {
  const seen = { nonce: 7, version: 1, depth: 'included', tx: mined } as const;
  const command = { type: 'adopt', attemptId: PAYMENT, newAttemptId: ADOPTED, ...seen } as const;
  return when(situation('approved, payload offered'), command, '→ broadcasted (adopted, included)');
}
