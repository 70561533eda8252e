import fc from 'fast-check';
import type { SaidEntry } from './said-entry.ts';

/** A sign-in that failed, as it is sealed. */
export const failedSignIn: SaidEntry = {
  id: '6b0c2f0e-0000-4000-8000-000000000001',
  tenantId: '6b0c2f0e-0000-4000-8000-000000000002',
  sequence: 17,
  type: 'login_failed',
  resourceType: 'user',
  resourceId: '6b0c2f0e-0000-4000-8000-000000000003',
  action: 'login',
  status: 'failure',
  actor: { type: 'service', id: 'identity' },
  requestId: null,
  chainId: null,
  txHash: null,
  occurredAt: '2026-03-01T12:00:00.123Z',
  details: { reason: 'wrong_password' },
};

/** Texts that somebody may have typed to be taken for something else. */
export const hostile = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        '|',
        '\\',
        '=',
        '\n',
        '\r',
        '\0',
        '\u2028',
        '\u0085',
        'CEF:0|',
        ' act=',
        '"',
        ']',
        '<14>1 ',
        'é',
        '漢',
        '🔥',
      ),
    )
    .map((parts) => parts.join('')),
);

/** Entries whose every text is hostile. */
export const hostileEntry: fc.Arbitrary<SaidEntry> = fc
  .record({
    type: hostile,
    resourceType: hostile,
    resourceId: hostile,
    action: hostile,
    status: fc.constantFrom('success' as const, 'failure' as const),
    actor: fc.record({ type: hostile, id: hostile }),
    authority: fc.record({
      roles: fc.array(hostile),
      policy: fc.option(fc.record({ id: hostile, version: fc.nat() })),
    }),
    requestId: fc.option(hostile),
    txHash: fc.option(hostile),
    details: fc.dictionary(hostile, hostile),
    sequence: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  })
  .map((changed) => ({ ...failedSignIn, ...changed }));
