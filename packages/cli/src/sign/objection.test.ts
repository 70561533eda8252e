import { createEvmCodec } from '@ironforge/chain-evm';
import { intentHash } from '@ironforge/tx-core';
import { describe, expect, it } from 'vitest';
import { asIntent, objectionTo, rulesOf, type SigningPayload, type TaskKind } from './objection.ts';

const id = '11111111-1111-4111-8111-111111111111';
const from = '0x90F79bf6EB2c4f870365E785982E1f101E93b906';
const stranger = '0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65';
const order = {
  transactionId: id,
  kind: 'original' as const,
  address: from,
  now: new Date('2026-01-01T00:00:00Z'),
};

const intent: SigningPayload['intent'] = {
  version: 1,
  requestId: id,
  tenantId: id,
  walletId: id,
  chainId: 'eip155:31337',
  from,
  to: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
  assetId: 'eip155:31337/slip44:60',
  amount: '1000000000000000000',
  feeCeiling: '42000',
  validUntil: '2026-01-02T00:00:00Z',
};
const fees = { nonce: 3, gasLimit: 21_000, maxFeePerGas: '2', maxPriorityFeePerGas: '1' };

function payloadFor(part: Partial<SigningPayload['intent']> = {}): SigningPayload {
  const wish = { ...intent, ...part };
  const bare: SigningPayload = {
    transactionId: id,
    kind: 'original',
    leaseId: id,
    fence: 1,
    expiresAt: '2026-01-01T00:10:00Z',
    intent: wish,
    intentHash: intentHash(asIntent(wish)),
    original: { intent: wish, intentHash: intentHash(asIntent(wish)) },
    approvals: [approval(1), approval(2)],
    required: [{ group: 'treasury', required: 2, given: 2 }],
    evm: { ...fees, type: 2, unsignedTransaction: '0x' },
  };
  return { ...bare, evm: { ...bare.evm, unsignedTransaction: unsigned(bare) } };
}

/** What people approved, but for the chain that its asset is said to be of; the bytes move the chain's own coin. */
function foreign(assetId: string): SigningPayload {
  const wish = { ...intent, assetId };
  const hashed = { intent: wish, intentHash: intentHash(asIntent(wish)) };
  return { ...payloadFor(), ...hashed, original: hashed };
}

function approval(person: number): SigningPayload['approvals'][number] {
  const userId = id.replace(/^1/, String(person));
  const proof = { stepUp: null, signature: null, signerAddress: null };
  const at = '2026-01-01T00:00:00Z';
  return { userId, intentHash: id, decision: 'approve', comment: null, ...proof, at };
}

function unsigned(payload: SigningPayload, part: Partial<SigningPayload['intent']> = {}): string {
  const binding = { nonce: 3, gasLimit: 21_000n, maxFeePerGas: 2n, maxPriorityFeePerGas: 1n };
  const codec = createEvmCodec(rulesOf(payload));
  return codec.buildUnsigned({ ...payload.intent, ...part }, binding).unsignedTransaction;
}

const right = payloadFor();
const token = payloadFor({ assetId: `eip155:31337/erc20:${stranger}` });

describe('objectionTo', () => {
  it('finds none in a payload that is what people approved, native or token', () => {
    expect(objectionTo(right, order)).toBeNull();
    expect(objectionTo(token, order)).toBeNull();
  });

  it.each<[string, SigningPayload, string]>([
    ['another request', { ...right, intent: { ...intent, requestId: stranger } }, 'is for request'],
    ['an altered intent', { ...right, intent: { ...intent, amount: '2' } }, 'people approved'],
    ['another wallet', payloadFor({ from: stranger }), 'spends from'],
    ['another chain’s coin', foreign('eip155:137/slip44:966'), 'is none of chain eip155:31337'],
    ['another chain’s token', foreign(`eip155:137/erc20:${stranger}`), 'is none of chain eip155:31337'],
    ['an intent whose time is over', payloadFor({ validUntil: '2025-12-31T00:00:00Z' }), 'valid until'],
    [
      'a group that is not full',
      { ...right, required: [{ group: 'treasury', required: 2, given: 1 }] },
      '1 of 2',
    ],
    ['one person counted twice', { ...right, approvals: [approval(1), approval(1)] }, 'only 1 people'],
    [
      'a rejection counted as an approval',
      { ...right, approvals: [approval(1), { ...approval(2), decision: 'reject' }] },
      'only 1 people',
    ],
    ['another recipient', withUnsigned(unsigned(right, { to: stranger })), 'another to'],
    ['another amount', withUnsigned(unsigned(right, { amount: '1' })), 'another value'],
    ['call data', withUnsigned(unsigned(right, { data: '0x00' })), 'another data'],
    [
      'another chain',
      withUnsigned(unsigned({ ...right, intent: { ...intent } }).replace('827a69', '827a68')),
      'chainId',
    ],
    ['a fee it does not tell', { ...right, evm: { ...right.evm, maxFeePerGas: '1' } }, 'fee or form'],
    ['a fee above the ceiling', payloadFor({ feeCeiling: '41999' }), 'above the approved ceiling'],
  ])('names %s', (_what, payload, text) => {
    expect(objectionTo(payload, order)).toContain(text);
  });
});

describe('rulesOf', () => {
  it.each([
    ['eip155:31337/slip44:966', 'eip155:31337/slip44:966'],
    [`eip155:31337/erc20:${stranger}`, 'eip155:31337/slip44:60'],
    ['eip155:137/slip44:966', 'eip155:31337/slip44:60'],
    ['eip155:313371/slip44:966', 'eip155:31337/slip44:60'],
  ])('of an intent in %s have %s as the native asset', (assetId, native) => {
    expect(rulesOf({ ...right, intent: { ...intent, assetId } }).nativeAssetId).toBe(native);
  });
});

describe('objectionTo a replacement', () => {
  const faster = replacementOf('speed_up', { feeCeiling: '84000' });
  const cancel = replacementOf('cancel', { to: from, amount: '0' });
  const orderOf = (kind: TaskKind) => ({ ...order, kind });

  it('finds none in the same payment at another fee, nor in nothing to oneself, even after its time', () => {
    expect(objectionTo(faster, orderOf('speed_up'))).toBeNull();
    const late = replacementOf('cancel', { to: from, amount: '0', validUntil: '2025-12-31T00:00:00Z' });
    expect(objectionTo(cancel, orderOf('cancel'))).toBeNull();
    expect(objectionTo(late, orderOf('cancel'))).toBeNull();
  });

  it.each<[string, SigningPayload, string]>([
    ['another payload than was asked for', cancel, 'was asked for'],
    ['another payment', replacementOf('speed_up', { amount: '2' }), 'more than its fee ceiling'],
    [
      'an original that people did not approve',
      { ...faster, original: { ...faster.original, intentHash: right.intentHash.replace(/.$/, 'x') } },
      'does not hash',
    ],
  ])('names %s', (_what, payload, text) => {
    expect(objectionTo(payload, orderOf('speed_up'))).toContain(text);
  });

  it.each([{ to: stranger }, { amount: '1' }, { data: '0x00' }])('names a cancel that moves %j', (part) => {
    const payload = replacementOf('cancel', { to: from, amount: '0', ...part });
    expect(objectionTo(payload, orderOf('cancel'))).toContain('moves something');
  });

  it('finds none in nothing to oneself that the system asks for, and takes nothing else for it', () => {
    const gap = payloadFor({ to: from, amount: '0' });
    expect(objectionTo(gap, orderOf('gap_fill'))).toBeNull();
    expect(objectionTo(right, orderOf('gap_fill'))).toContain('called a gap_fill, but it moves something');
    expect(objectionTo(cancel, orderOf('gap_fill'))).toContain('original was asked for');
  });

  it('names an original that is not the intent that people approved', () => {
    const other = payloadFor({ amount: '7' });
    expect(objectionTo({ ...right, original: { ...other } }, order)).toContain('more than its fee ceiling');
  });
});

function replacementOf(kind: 'speed_up' | 'cancel', part: Partial<SigningPayload['intent']>): SigningPayload {
  return { ...payloadFor(part), kind, original: right.original };
}

function withUnsigned(unsignedTransaction: string): SigningPayload {
  return { ...right, evm: { ...right.evm, unsignedTransaction } };
}
