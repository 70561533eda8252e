import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readRules, refusalBy, type Wish } from './rules.ts';

const folder = mkdtempSync(join(tmpdir(), 'rules-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const CHAIN = 'eip155:31337';
const NATIVE = `${CHAIN}/slip44:60`;
const PAYEE = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const STRANGER = '0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65';
const file = {
  kinds: ['original', 'speed_up', 'cancel', 'gap_fill'],
  chains: { [CHAIN]: { maxFee: '1000' } },
  assets: { [NATIVE]: { maxAmount: '500' } },
  destinations: [PAYEE.toLowerCase()],
};

function rulesIn(content: unknown) {
  const path = join(folder, 'rules.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return readRules(path);
}

const intent = { chainId: CHAIN, assetId: NATIVE, amount: '500', to: PAYEE, feeCeiling: '1000' };
const wish = (part: Partial<Wish['intent']> = {}, kind: Wish['kind'] = 'original'): Wish => ({
  kind,
  approved: { hashes: [], approvals: [] },
  intent: { ...intent, ...part },
});

describe('rules', () => {
  it('allow what they name, to the last unit, and addresses in any case of letters', () => {
    expect(refusalBy(rulesIn(file), wish())).toBeNull();
    expect(refusalBy(rulesIn(file), wish({}, 'speed_up'))).toBeNull();
  });

  it.each<[string, Wish, string]>([
    ['one unit more', wish({ amount: '501' }), 'above the rules'],
    ['a dearer fee', wish({ feeCeiling: '1001' }), 'fee may reach 1001'],
    ['another destination', wish({ to: STRANGER }), 'no destination'],
    ['another asset', wish({ assetId: `${CHAIN}/erc20:${STRANGER}` }), 'no asset'],
    ['another chain', wish({ chainId: 'eip155:1' }), 'no chain'],
    ['a contract call', wish({ data: '0x00' }), 'no contract call'],
    ['a cancel at a dearer fee', wish({ to: STRANGER, amount: '0', feeCeiling: '1001' }, 'cancel'), 'fee'],
  ])('refuse %s', (_what, asked, text) => {
    expect(refusalBy(rulesIn(file), asked)).toContain(text);
  });

  it('look only at chain and fee of what moves nothing, wherever it goes', () => {
    for (const kind of ['cancel', 'gap_fill'] as const)
      expect(refusalBy(rulesIn(file), wish({ to: STRANGER, amount: '0' }, kind))).toBeNull();
  });

  it('refuse every kind that they do not name, and without a name all', () => {
    const rules = rulesIn({ kinds: ['original'], chains: {}, assets: {}, destinations: [] });
    expect(refusalBy(rules, wish({}, 'cancel'))).toContain('no kind cancel');
    expect(refusalBy(rules, wish())).toContain('no chain');
  });

  it.each([
    ['a word that they do not know', { ...file, maxAmonut: '1' }, 'maxAmonut'],
    ['a missing part', { ...file, destinations: undefined }, 'destinations'],
    ['a number in place of text', { ...file, assets: { [NATIVE]: { maxAmount: 5 } } }, 'maxAmount'],
    ['an amount with a point', { ...file, assets: { [NATIVE]: { maxAmount: '1.5' } } }, 'base units'],
    ['no address', { ...file, destinations: ['treasury'] }, 'must be an address'],
    [
      'more signatures than addresses',
      { ...file, approvals: { addresses: [PAYEE, PAYEE], required: 2 } },
      'as many',
    ],
    ['no JSON', '{', 'cannot be read as JSON'],
  ])('are refused with %s', (_what, content, text) => {
    expect(() => rulesIn(content)).toThrow(text);
  });
});
