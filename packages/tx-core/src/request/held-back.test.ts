import { expect, test } from 'vitest';
import { situation, when } from './arrows.fixture.ts';
import type { Event } from './event.ts';
import { CANCEL, LATE_MS, LEASE, mined, PAYMENT } from './situations.ts';

const adoption = { nonce: 7, attemptId: PAYMENT, newAttemptId: CANCEL, tx: mined } as const;
const handIn = {
  type: 'acceptSignature',
  leaseId: LEASE,
  txHash: mined.txHash,
  slotFence: null,
  isDue: false,
} as const;
const unspend = { type: 'unspend', nonce: 7, version: 2 } as const;
const REORGED = '→ broadcasted · reorged (reorged)';

/** A block shows what its signer had sent by himself; he hands the bytes in. */
function handedIn(): readonly Event[] {
  const shown = when(
    situation('approved, payload offered'),
    { type: 'adopt', depth: 'included', version: 1, ...adoption },
    '→ broadcasted (adopted, included)',
  );
  return when(shown, handIn, '→ broadcasted (signed)', LATE_MS);
}

test('what a reorg took out of its block, and we never sent, is held back after its validity like what was just signed', () => {
  const reorged = when(handedIn(), unspend, REORGED, LATE_MS);
  when(reorged, { type: 'dispatch', attemptId: PAYMENT }, 'refused: too_late', LATE_MS);
  when(reorged, { type: 'expire' }, 'refused: not_due');
  const held = when(
    reorged,
    { type: 'expire' },
    '→ broadcasted · validity_passed (validity_passed)',
    LATE_MS,
  );
  when(held, { type: 'expire' }, 'no change', LATE_MS);
  when(
    held,
    { type: 'cancelOnChain', attemptId: CANCEL, intentHash: '0xc', approvalTimeoutMs: null },
    '→ broadcasted · validity_passed (attempt_added)',
    LATE_MS,
  );
});

test('nothing is held back while a block has it, once it was sent, or while its bytes are with its signer alone', () => {
  when(handedIn(), { type: 'expire' }, 'refused: illegal_transition', LATE_MS);
  const reorged = when(handedIn(), unspend, REORGED);
  const sent = when(reorged, { type: 'dispatch', attemptId: PAYMENT }, '→ broadcasted (dispatched)');
  when(sent, { type: 'expire' }, 'refused: illegal_transition', LATE_MS);
  const shown = handedIn().slice(0, -1);
  expect(shown.at(-1)).toMatchObject({ type: 'included' });
  when(when(shown, unspend, REORGED), { type: 'expire' }, 'refused: illegal_transition', LATE_MS);
});
