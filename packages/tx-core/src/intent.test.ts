import { createHash } from 'node:crypto';
import { type AssetId, branded } from '@ironforge/kernel';
import { expect, test } from 'vitest';
import { canonicalIntent, gapFillIntent, type Intent, intentHash, intentOfAttempt } from './intent.ts';

const NATIVE = branded<AssetId>('eip155:31337/slip44:60');

const intent: Intent = {
  version: 1,
  requestId: branded('5a0c1d2e-0000-4000-8000-000000000001'),
  tenantId: branded('5a0c1d2e-0000-4000-8000-000000000002'),
  walletId: branded('5a0c1d2e-0000-4000-8000-000000000003'),
  chainId: branded('eip155:31337'),
  from: '0xAAaA',
  to: '0xBBbB',
  assetId: branded('eip155:31337/erc20:0xCCcC'),
  amount: '115792089237316195423570985008687907853269984665640564039457584007913129639935',
  feeCeiling: '420000000000000',
  validUntil: '2026-11-23T00:00:00.000Z',
};

test('the canonical text has sorted keys, no spaces and no absent keys', () => {
  const text = canonicalIntent(intent);
  expect(
    text.startsWith(
      '{"amount":"115792089237316195423570985008687907853269984665640564039457584007913129639935","assetId"',
    ),
  ).toBe(true);
  expect(text).not.toContain('memo');
  expect([...text.matchAll(/"(\w+)":/g)].map(([, key]) => key).join(' ')).toBe(
    'amount assetId chainId feeCeiling from requestId tenantId to validUntil version walletId',
  );
});

test('the hash is SHA-256 of the canonical text, so that any signer can compute it anew', () => {
  expect(intentHash(intent)).toBe(`0x${createHash('sha256').update(canonicalIntent(intent)).digest('hex')}`);
});

test('the order of keys does not matter, any value does', () => {
  const reversed = Object.fromEntries(Object.entries(intent).toReversed());
  expect(intentHash({ ...intent, ...reversed })).toBe(intentHash(intent));
  expect(intentHash({ ...intent, requestId: branded('5a0c1d2e-0000-4000-8000-000000000009') })).not.toBe(
    intentHash(intent),
  );
});

test('a speed-up is the same wish with another fee ceiling', () => {
  const speedUp = intentOfAttempt(intent, NATIVE, { kind: 'speed_up', feeCeiling: 7n });
  expect(speedUp).toEqual({ ...intent, feeCeiling: '7' });
});

test('the original attempt carries out the intent itself', () => {
  expect(intentOfAttempt(intent, NATIVE, { kind: 'original', feeCeiling: 7n })).toBe(intent);
});

test('a cancel sends nothing to oneself, and keeps neither data nor memo', () => {
  const wish = { ...intent, data: '0x01', memo: 'rent' };
  const cancel = intentOfAttempt(wish, NATIVE, { kind: 'cancel', feeCeiling: 9n });
  expect(cancel).toEqual({ ...intent, to: intent.from, assetId: NATIVE, amount: '0', feeCeiling: '9' });
});

test('a gap fill is a request of its own that sends nothing to oneself', () => {
  const { requestId, tenantId, walletId, chainId, from, validUntil } = intent;
  const fill = gapFillIntent({
    requestId,
    tenantId,
    walletId,
    chainId,
    from,
    validUntil,
    nativeAssetId: NATIVE,
    feeCeiling: 3n,
  });
  expect(fill).toMatchObject({
    version: 1,
    requestId,
    to: from,
    amount: '0',
    assetId: NATIVE,
    feeCeiling: '3',
  });
});
