import {
  type ApiKeyId,
  type AssetId,
  branded,
  type ChainId,
  type UserId,
  type WalletId,
} from '@ironforge/kernel';
import { evaluatePolicy, type Mismatch, type PolicyFacts, type Rule } from '@ironforge/tx-core';
import { expect, it, test } from 'vitest';
import { detailsOf } from './details.ts';

const facts: PolicyFacts = {
  chainId: branded<ChainId>('eip155:1'),
  walletId: branded<WalletId>('w1'),
  walletTags: ['europe', 'payroll'],
  assetId: branded<AssetId>('eip155:1/slip44:60'),
  amount: 100n,
  decimals: 1,
  prices: new Map([
    ['USD', [{ price: 2_500_000_000_000_000_000n, source: 'feed', observedAtMs: 0, ageMs: 7_000 }]],
  ]),
  to: '0xAbCd',
  destinationKinds: [],
  hasData: true,
  method: '0xa9059cbb',
  submittedAtMs: Date.parse('2026-03-06T19:05:00.000Z'),
  initiator: {
    userId: branded<UserId>('ann'),
    roles: ['operator', 'user'],
    apiKeyId: branded<ApiKeyId>('k1'),
  },
  spent: new Map([['rule', 950n]]),
};

test.each<[Mismatch, Rule['when'], string, string]>([
  ['chain', { chainIds: [branded('eip155:5'), branded('eip155:137')] }, 'eip155:5 or eip155:137', 'eip155:1'],
  ['wallet', { walletIds: [branded('w2')] }, 'w2', 'w1'],
  ['tag', { walletTags: ['asia'] }, 'the tag asia', 'europe, payroll'],
  ['asset', { assetIds: [branded('eip155:1/erc20:0x01')] }, 'eip155:1/erc20:0x01', 'eip155:1/slip44:60'],
  ['amount', { amount: { min: 1n, max: 99n } }, 'at least 1 and at most 99', '100'],
  ['amount', { amount: { max: 99n } }, 'at most 99', '100'],
  [
    'fiat_amount',
    { fiatAmount: { currency: 'USD', min: 10n ** 17n, max: 10n ** 18n, maxAgeMs: 8_000 } },
    'at least 0.1 and at most 1 USD',
    '25 USD at 2.5 USD by feed of 1970-01-01T00:00:00.000Z',
  ],
  [
    'price',
    { fiatAmount: { currency: 'USD', max: 1n, maxAgeMs: 6_000 } },
    'a price in USD that is at most 6 s old',
    '7 s old by feed',
  ],
  [
    'price',
    { fiatAmount: { currency: 'EUR', max: 1n, maxAgeMs: 6_000 } },
    'a price in EUR that is at most 6 s old',
    'none that counts',
  ],
  ['destination', { destinations: ['0x01'] }, '0x01', '0xAbCd'],
  [
    'destination_kind',
    { destinationKinds: ['own_wallet', 'address_book'] },
    'own_wallet or address_book',
    'nothing known',
  ],
  ['method', { methods: ['0x095ea7b3'] }, '0x095ea7b3', '0xa9059cbb'],
  [
    'time',
    { timeOfDay: { weekdays: ['mon', 'fri'], fromMinute: 485, toMinute: 1_440 } },
    'mon, fri 08:05 to 24:00',
    'Fri, 06 Mar 2026 19:05:00 GMT',
  ],
  ['initiator', { initiators: { roles: ['admin'] } }, 'admin', 'ann by the API key k1, operator, user'],
  ['data', {}, 'no data, since the rule names no methods', 'data that calls 0xa9059cbb'],
  ['window', { window: { hours: 24, max: 1_000n } }, 'at most 1000 in 24 hours', '100 beside 950'],
  [
    'window',
    { window: { hours: 24, max: 10n ** 18n, fiat: { currency: 'USD', maxAgeMs: 8_000 } } },
    'at most 1 USD in 24 hours',
    '25 USD beside 0.00000000000000095 USD',
  ],
])('%s: what was wanted and what was given can be read', (condition, when, wanted, given) => {
  const rule: Rule = { name: 'rule', when, effect: { type: 'allow' } };
  expect(detailsOf(rule, facts, [condition])).toEqual([{ condition, wanted, given }]);
});

it('tells every condition that did not hold, and none that did', () => {
  const when = { chainIds: [facts.chainId], amount: { max: 99n }, destinations: ['0x01'] };
  const rule: Rule = { name: 'rule', when, effect: { type: 'deny' } };
  const [skipped] = evaluatePolicy([rule], facts).skipped;
  expect(detailsOf(rule, facts, skipped?.because ?? []).map(({ condition }) => condition)).toEqual([
    'amount',
    'destination',
  ]);
});
