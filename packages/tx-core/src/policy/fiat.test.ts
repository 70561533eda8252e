import { type AssetId, branded } from '@ironforge/kernel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluatePolicy, isLimitReached, windowsInPlay } from './evaluate.ts';
import { type AssetPrice, type FiatRange, formatFiat, isWorth, parseFiat, worthOf } from './fiat.ts';
import { takenOf, unitOf } from './measure.ts';
import type { Effect, PolicyFacts, Rule } from './rule.ts';

const ETHER = branded<AssetId>('eip155:1/slip44:60');
const HOUR_MS = 3_600_000;
const fiat = (text: string) => parseFiat(text) ?? -1n;
const priceOf = (text: string, ageMs = 0): AssetPrice => ({
  price: fiat(text),
  source: 'feed',
  observedAtMs: 0,
  ageMs,
});
const usd = (bounds: { min?: string; max?: string }): FiatRange => ({
  currency: 'USD',
  min: bounds.min === undefined ? undefined : fiat(bounds.min),
  max: bounds.max === undefined ? undefined : fiat(bounds.max),
  maxAgeMs: HOUR_MS,
});
const facts: PolicyFacts = {
  chainId: branded('eip155:1'),
  walletId: branded('w1'),
  walletTags: [],
  assetId: ETHER,
  amount: 1_500_000_000_000_000_000n,
  decimals: 18,
  prices: new Map([['USD', [priceOf('2000.50')]]]),
  to: '0xAbCd',
  destinationKinds: [],
  hasData: false,
  method: null,
  submittedAtMs: 0,
  initiator: { userId: branded('ann'), roles: ['operator'], apiKeyId: null },
  spent: new Map(),
};
const allow: Effect = { type: 'allow' };
const deny: Effect = { type: 'deny' };
const rule = (name: string, when: Rule['when'], effect: Effect = allow): Rule => ({ name, when, effect });

describe('what an amount is worth', () => {
  test.each([
    [{ min: '3000.75' }, true],
    [{ max: '3000.75' }, true],
    [{ max: '3000.749999999999999999' }, false],
    [{ min: '3000.750000000000000001' }, false],
    [{ min: '3000', max: '3001' }, true],
    [{}, true],
  ])('1.5 at 2000.50 is within %j: %s', (bounds, isWithin) => {
    expect(isWorth(usd(bounds), priceOf('2000.50'), facts)).toBe(isWithin);
  });

  test.each(['', '-1', '1.', '.5', '01', '1e3', '1,5', ' 1', '0.1234567890123456789', `1${'0'.repeat(38)}`])(
    'the text %j is no amount',
    (text) => {
      expect(parseFiat(text)).toBeNull();
    },
  );

  test('is read and written alike, and compared exactly, however small or large', () => {
    const amount = fc.bigInt(0n, 2n ** 256n - 1n);
    const price = fc.bigInt(1n, 10n ** 40n);
    fc.assert(
      fc.property(amount, price, fc.integer({ min: 0, max: 36 }), (units, scaled, decimals) => {
        expect(fiat(formatFiat(scaled))).toBe(scaled);
        const at = { ...priceOf('0'), price: scaled };
        const valued = { amount: units, decimals };
        const floor = worthOf(at, valued);
        const range = { currency: 'USD', maxAgeMs: 0 };
        expect(isWorth({ ...range, min: floor }, at, valued)).toBe(true);
        expect(isWorth({ ...range, min: floor + 1n }, at, valued)).toBe(false);
        expect(isWorth({ ...range, max: floor + 1n }, at, valued)).toBe(true);
        const isExact = (units * scaled) % 10n ** BigInt(decimals) === 0n;
        expect(isWorth({ ...range, max: floor }, at, valued)).toBe(isExact);
      }),
    );
  });
});

describe('a rule with a fiat amount', () => {
  const small = rule('small', { fiatAmount: usd({ max: '3000' }) });
  const rest = rule('rest', {});

  test('is skipped by what is worth more, and says so', () => {
    expect(evaluatePolicy([small, rest], facts)).toMatchObject({
      rule: 'rest',
      skipped: [{ because: ['fiat_amount'] }],
    });
  });

  test.each<[string, PolicyFacts['prices']]>([
    ['no price', new Map()],
    ['a price in another currency', new Map([['EUR', [priceOf('1')]]])],
    ['a price that is too old by a millisecond', new Map([['USD', [priceOf('1', HOUR_MS + 1)]]])],
  ])(
    'that would decide denies where there is %s, whatever it and the later ones would do',
    (_what, prices) => {
      for (const effect of [allow, deny]) {
        const rules = [rule('asked', { fiatAmount: usd({ max: '3000' }) }, effect), rest];
        const decision = evaluatePolicy(rules, { ...facts, prices });
        expect(decision).toEqual({
          effect: deny,
          rule: null,
          skipped: [{ rule: 'asked', because: ['price'] }],
        });
        expect(isLimitReached(decision)).toBe(false);
      }
    },
  );

  test('that does not apply for another reason needs no price, nor does one behind the rule that decides', () => {
    const prices = new Map();
    const elsewhere = rule('elsewhere', { walletTags: ['x'], fiatAmount: usd({ max: '1' }) });
    expect(evaluatePolicy([elsewhere, rest, small], { ...facts, prices }).rule).toBe('rest');
  });

  test('takes the first price that is fresh enough', () => {
    const prices = new Map([['USD', [priceOf('9999', HOUR_MS + 1), priceOf('1', HOUR_MS)]]]);
    expect(evaluatePolicy([small], { ...facts, prices }).rule).toBe('small');
  });

  test('has its window looked at only when the amount fits, and none behind it when nobody knows', () => {
    const window = { hours: 24, max: 10n };
    const rules = [
      rule('a', { assetIds: [ETHER], window, fiatAmount: usd({ max: '3000' }) }),
      rule('b', { assetIds: [ETHER], window }),
    ];
    const looked = (prices: PolicyFacts['prices']) =>
      windowsInPlay(rules, { ...facts, prices }).map((one) => one.rule);
    expect(looked(facts.prices)).toEqual(['b']);
    expect(looked(new Map([['USD', [priceOf('1')]]]))).toEqual(['a', 'b']);
    expect(looked(new Map())).toEqual([]);
  });
});

describe('a window in a currency', () => {
  const window = { hours: 24, max: fiat('9001.5'), fiat: { currency: 'USD', maxAgeMs: HOUR_MS } };
  const limited = [rule('daily', { window }), rule('rest', {})];
  const spent = (text: string) => new Map([['daily', fiat(text)]]);

  test.each([
    ['6000.75', 'daily'],
    ['6000.750000000000000001', 'rest'],
  ])('has room for 3000.75 beside %s: %s', (used, name) => {
    expect(evaluatePolicy(limited, { ...facts, spent: spent(used) }).rule).toBe(name);
  });

  test('counts assets together, and rounds up what it takes of them', () => {
    const other = { ...facts, assetId: branded<AssetId>('eip155:1/erc20:0x01') };
    expect([unitOf(window, facts), unitOf(window, other)]).toEqual(['fiat:USD', 'fiat:USD']);
    expect(unitOf({ hours: 1, max: 1n }, facts)).toBe(ETHER);
    expect(takenOf(window, facts)).toBe(fiat('3000.75'));
    expect(takenOf(window, { ...facts, amount: 1n })).toBe(2_001n);
  });

  test('without a fresh price denies, whatever is left of it, and is not looked at', () => {
    const blind = { ...facts, prices: new Map(), spent: spent('0') };
    expect(evaluatePolicy(limited, blind)).toMatchObject({ rule: null, skipped: [{ because: ['price'] }] });
    expect(isLimitReached(evaluatePolicy(limited, blind))).toBe(false);
    expect(windowsInPlay(limited, blind)).toEqual([]);
  });
});

test('without a price nothing passes that any price would have stopped, in thousands of rule books', () => {
  const bound = fc.option(fc.bigInt(0n, 6_000n * 10n ** 18n), { nil: undefined });
  const range = fc.record({ min: bound, max: bound }).map((bounds) => ({ ...usd({}), ...bounds }));
  const effects = fc.constantFrom<Effect>(allow, deny, {
    type: 'require_approvals',
    alternatives: [],
    timeoutHours: 1,
    rejection: 'ends',
  });
  const part = fc.record({
    fiatAmount: fc.option(range, { nil: undefined }),
    walletTags: fc.constantFrom(undefined, ['x']),
    effect: effects,
  });
  const price = fc.bigInt(1n, 4_000n * 10n ** 18n);
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), price, (parts, drawn) => {
      const rules = parts.map(({ effect, ...when }, index) => rule(`${index}`, when, effect));
      const blind = evaluatePolicy(rules, { ...facts, prices: new Map() });
      const prices = new Map([['USD', [{ ...priceOf('1'), price: drawn }]]]);
      const seeing = evaluatePolicy(rules, { ...facts, prices });
      expect(blind.effect.type === 'deny' || blind.rule === seeing.rule).toBe(true);
      const first = rules.find(({ when }) => when.walletTags === undefined);
      expect(blind.skipped.at(-1)?.because[0] === 'price').toBe(first?.when.fiatAmount !== undefined);
    }),
    { numRuns: 2_000 },
  );
});
