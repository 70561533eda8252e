import { test } from 'vitest';
import { situation, when } from './arrows.fixture.ts';
import { LATE_MS, LEASE, mined, PAYMENT } from './situations.ts';

test('a signature that is due is signed and dispatched at once, and one that waits is dispatched later', () => {
  const offered = situation('approved, payload offered');
  const signature = { type: 'acceptSignature', leaseId: LEASE, txHash: mined.txHash, slotFence: 1 } as const;
  const due = when(offered, { ...signature, isDue: true }, '→ signed (signed)');
  when(due, { type: 'dispatch', attemptId: PAYMENT }, 'no change');
  when(due, { type: 'expire' }, 'refused: not_due', LATE_MS);
  const waiting = when(offered, { ...signature, isDue: false }, '→ signed (signed)');
  when(waiting, { type: 'dispatch', attemptId: PAYMENT }, '→ signed (dispatched)');
});
