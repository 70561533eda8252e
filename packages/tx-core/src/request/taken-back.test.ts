import { type AttemptId, branded } from '@ironforge/kernel';
import { expect, test } from 'vitest';
import { type Attempt, initialState, newestSigned } from './state.ts';
import type { AttemptKind } from './status.ts';

const PAYMENT = held('payment', 'original');
const SPEED_UP = held('speed-up', 'speed_up');
const CANCEL = held('cancel', 'cancel');

test.each<[string, readonly Attempt[], string | undefined]>([
  ['the newest, where nothing was taken back', [PAYMENT, SPEED_UP], 'speed-up'],
  ['the cancel, though a block showed a speed-up after it', [PAYMENT, CANCEL, SPEED_UP], 'cancel'],
  [
    'the cancel that we hold, beside one that its signer made',
    [PAYMENT, CANCEL, unheld('other', 'cancel')],
    'cancel',
  ],
  ['nothing, while its signer alone holds the cancel', [PAYMENT, unheld('cancel', 'cancel')], undefined],
  [
    'the payment, while its cancel is not signed',
    [PAYMENT, { ...CANCEL, txHash: null, bytesStored: false }],
    'payment',
  ],
])('what is sent is %s', (_what, attempts, id) => {
  expect(newestSigned({ ...initialState, attempts })?.id).toBe(id);
});

function held(id: string, kind: AttemptKind): Attempt {
  const lease = { nonce: 7, leaseId: null, fence: 1, intentHash: id };
  const signed = { state: 'signed', txHash: `0x${id}`, bytesStored: true, dispatched: true } as const;
  return { id: branded<AttemptId>(id), kind, ...lease, ...signed };
}

/** A block showed it, and shows it no more. */
function unheld(id: string, kind: AttemptKind): Attempt {
  return { ...held(id, kind), state: 'sent', bytesStored: false, dispatched: false };
}
