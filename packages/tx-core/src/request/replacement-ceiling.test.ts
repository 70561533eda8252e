import { expect, test } from 'vitest';
import { situation, when } from './arrows.fixture.ts';
import { fold } from './evolve.ts';
import { SPEED_UP, SPEED_UP_HASH } from './situations.ts';
import { branded, type LeaseId } from '@ironforge/kernel';
import { highestCeiling } from './state.ts';

const leaseId = branded<LeaseId>('speed-up');
const ask = {
  type: 'speedUp',
  attemptId: SPEED_UP,
  intentHash: SPEED_UP_HASH,
  approvalTimeoutMs: null,
  feeCeiling: '500',
} as const;

test('the higher ceiling of a replacement stays held while it is offered, leased and signed', () => {
  const asked = when(situation('broadcasted'), ask, '→ broadcasted (attempt_added)');
  const { nonce } = fold(asked).attempts.at(-1) ?? {};
  const lease = { attemptId: SPEED_UP, kind: 'speed_up', leaseId, nonce: nonce ?? 0, fence: 2 } as const;
  const leased = when(asked, { type: 'offerPayload', ...lease }, '→ broadcasted (payload_offered)');
  const signature = { type: 'acceptSignature', leaseId, txHash: '0x5', slotFence: 2, isDue: true } as const;
  const signed = when(leased, signature, '→ broadcasted (signed)');
  for (const history of [asked, leased, signed]) expect(highestCeiling(fold(history), 100n)).toBe(500n);
});
