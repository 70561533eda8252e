import type { DestinationKind } from '@ironforge/contracts';
import { type AssetId, branded } from '@ironforge/kernel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { evaluatePolicy, isLimitReached } from './evaluate.ts';
import type { PolicyFacts, Rule } from './rule.ts';

const ETHER = branded<AssetId>('eip155:1/slip44:60');
const facts: PolicyFacts = {
  chainId: branded('eip155:1'),
  walletId: branded('w1'),
  walletTags: [],
  assetId: ETHER,
  amount: 100n,
  decimals: 18,
  prices: new Map(),
  to: '0xAbCd',
  destinationKinds: [],
  hasData: false,
  method: null,
  submittedAtMs: 0,
  initiator: { userId: branded('ann'), roles: ['operator'], apiKeyId: null },
  spent: new Map(),
};

test.each<[DestinationKind[], string | null]>([
  [[], null],
  [['own_wallet'], 'known'],
  [['address_book'], 'known'],
  [['blocked'], 'bad'],
  [['address_book', 'blocked'], 'bad'],
])('a recipient that is %j falls to the rule %s', (destinationKinds, name) => {
  const rules: Rule[] = [
    { name: 'bad', when: { destinationKinds: ['blocked'] }, effect: { type: 'deny' } },
    { name: 'known', when: { destinationKinds: ['own_wallet', 'address_book'] }, effect: { type: 'allow' } },
  ];
  expect(evaluatePolicy(rules, { ...facts, destinationKinds }).rule).toBe(name);
});

const effects = fc.constantFrom<Rule['effect']>(
  { type: 'allow' },
  { type: 'deny' },
  { type: 'require_approvals', alternatives: [], timeoutHours: 1, rejection: 'ends' },
);
const window = fc.bigInt(0n, 200n).map((max) => ({ hours: 24, max }));
const anyRule = fc
  .record({
    effect: effects,
    amount: fc.option(fc.record({ min: fc.bigInt(50n, 150n) }), { nil: undefined }),
    window: fc.option(window, { nil: undefined }),
  })
  .map(({ effect, amount, window: given }) => ({
    effect,
    // What a rule that denies has of a window is refused before.
    when: { assetIds: [ETHER], amount, window: effect.type === 'deny' ? undefined : given },
  }));

test('the limit is reached exactly when a request is denied that would not be without the limits', () => {
  fc.assert(
    fc.property(fc.array(anyRule, { maxLength: 6 }), fc.bigInt(0n, 200n), (parts, used) => {
      const rules: Rule[] = parts.map((part, index) => ({ name: `${index}`, ...part }));
      const spent = new Map(rules.map(({ name }) => [name, used]));
      const unlimited = rules.map((rule) => ({ ...rule, when: { ...rule.when, window: undefined } }));
      const decision = evaluatePolicy(rules, { ...facts, spent });
      const freely = evaluatePolicy(unlimited, facts);
      const isChanged = decision.effect.type === 'deny' && freely.effect.type !== 'deny';
      expect(isLimitReached(decision)).toBe(isChanged);
    }),
  );
});
