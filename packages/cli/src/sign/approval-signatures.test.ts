import { intentHash, paymentApprovalText } from '@ironforge/tx-core';
import { Wallet } from 'ethers';
import { describe, expect, it } from 'vitest';
import { approvableHashes, type Approved, objectionToSignatures } from './approval-signatures.ts';
import { asIntent, type SigningPayload } from './objection.ts';

const id = '11111111-1111-4111-8111-111111111111';
const [ann, ben, eva, stranger] = Array.from({ length: 4 }, () => Wallet.createRandom());
const people = [ann, ben, eva].map((wallet) => wallet?.address ?? '');
const rule = { addresses: people, required: 2 };
const intent: SigningPayload['intent'] = {
  version: 1,
  requestId: id,
  tenantId: id,
  walletId: id,
  chainId: 'eip155:31337',
  from: people[0] ?? '',
  to: people[1] ?? '',
  assetId: 'eip155:31337/slip44:60',
  amount: '5',
  feeCeiling: '100',
  validUntil: '2026-01-02T00:00:00Z',
};
const hash = intentHash(asIntent(intent));
const dearer = { ...intent, feeCeiling: '101' };
const dearerHash = intentHash(asIntent(dearer));

type Approval = Approved['approvals'][number];

function approvalBy(wallet = stranger, text = paymentApprovalText(hash)): Approval {
  const signature = wallet?.signMessageSync(text) ?? null;
  const proof = { stepUp: 'signature' as const, signature, signerAddress: wallet?.address ?? null };
  const at = '2026-01-01T00:00:00Z';
  return { userId: id, intentHash: hash, decision: 'approve', comment: null, ...proof, at };
}

const over = (...approvals: Approval[]) => objectionToSignatures(rule, { hashes: [hash], approvals });

describe('a signer with a list of addresses', () => {
  it('takes as many signed approvals as it needs, or more, in any order', () => {
    expect(over(approvalBy(ben), approvalBy(ann))).toBeNull();
    expect(over(approvalBy(eva), approvalBy(ben), approvalBy(ann))).toBeNull();
    expect(over(approvalBy(ann), { ...approvalBy(), decision: 'reject' }, approvalBy(eva))).toBeNull();
  });

  it.each<[string, Approval[], string]>([
    ['nobody', [], 'there are 0'],
    ['one where two are needed', [approvalBy(ann)], 'there are 1'],
    ['one address twice', [approvalBy(ann), approvalBy(ann)], 'more than one'],
    ['somebody who is not on the list', [approvalBy(ann), approvalBy(ben), approvalBy()], 'not signed over'],
    ['a bare word of the server', [approvalBy(ann), { ...approvalBy(ben), signature: null }], 'not signed'],
    [
      'a name that the server puts over another’s signature',
      [approvalBy(ann), { ...approvalBy(), signerAddress: people[1] ?? '' }],
      'not signed',
    ],
    ['another intent', [approvalBy(ann), approvalBy(ben, paymentApprovalText(dearerHash))], 'not signed'],
    [
      'a change with that hash',
      [approvalBy(ann), approvalBy(ben, `IronForge: I approve the change with the hash ${hash}`)],
      'not signed',
    ],
    ['a rejection', [approvalBy(ann), { ...approvalBy(ben), decision: 'reject' }], 'there are 1'],
  ])('refuses %s', (_what, approvals, text) => {
    expect(over(...approvals)).toContain(text);
  });
});

describe('what may have been approved', () => {
  it('is the intent itself, and for a speed-up within its ceiling also the original', () => {
    const ask = (
      kind: 'original' | 'speed_up',
      wish: SigningPayload['intent'],
      original: SigningPayload['intent'],
    ) => approvableHashes({ kind, intent: wish, original });
    expect(ask('original', intent, dearer)).toEqual([hash]);
    expect(ask('speed_up', intent, dearer)).toEqual([hash, dearerHash]);
    expect(ask('speed_up', intent, intent)).toEqual([hash, hash]);
    expect(ask('speed_up', dearer, intent)).toEqual([dearerHash]);
  });

  it('is one hash of all approvals, not one each', () => {
    const approvals = [approvalBy(ann), approvalBy(ben, paymentApprovalText(dearerHash))];
    expect(objectionToSignatures(rule, { hashes: [hash, dearerHash], approvals })).toContain('not signed');
    const all = [ann, ben].map((wallet) => approvalBy(wallet, paymentApprovalText(dearerHash)));
    expect(objectionToSignatures(rule, { hashes: [hash, dearerHash], approvals: all })).toBeNull();
  });
});
