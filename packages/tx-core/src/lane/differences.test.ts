import { describe, expect, test } from 'vitest';
import { differencesOf, type OfferedTerms, type Terms } from './differences.ts';

const offered: OfferedTerms = {
  type: 2,
  gasLimit: 21_000n,
  maxFeePerGas: 30n,
  maxPriorityFeePerGas: 2n,
};
const dearer: OfferedTerms = { ...offered, maxFeePerGas: 40n, maxPriorityFeePerGas: 3n };
const plain: Terms = { ...offered, attachments: [] };
const gasPrice = { maxFeePerGas: 30n, maxPriorityFeePerGas: 30n };

describe('an adopted transaction differs from what was offered', () => {
  test.each<[string, Partial<Terms>, readonly string[]]>([
    ['in nothing when it is exactly that', {}, []],
    ['in its fee when its gas limit is higher', { gasLimit: 21_001n }, ['fee']],
    ['in its fee when its gas limit is lower', { gasLimit: 20_999n }, ['fee']],
    ['in its fee when its cap is higher', { maxFeePerGas: 31n }, ['fee']],
    ['in its fee when its cap is lower', { maxFeePerGas: 29n }, ['fee']],
    ['in its fee when its tip is another', { maxPriorityFeePerGas: 1n }, ['fee']],
    ['in its access list', { attachments: ['access_list'] }, ['access_list']],
    ['in type and fee when it pays by a gas price', { type: 0, ...gasPrice }, ['type', 'fee']],
    [
      'in type, fee and access list as type 1',
      { type: 1, ...gasPrice, attachments: ['access_list'] },
      ['type', 'fee', 'access_list'],
    ],
    ['in type and blobs as type 3', { type: 3, attachments: ['blobs'] }, ['type', 'blobs']],
    [
      'in type and all that it carries as type 4',
      { type: 4, attachments: ['access_list', 'authorization_list'] },
      ['type', 'access_list', 'authorization_list'],
    ],
  ])('%s', (_, change, fields) => {
    expect(differencesOf({ ...plain, ...change }, [offered])).toEqual(fields);
  });

  test('in nothing when it is one of several payloads, whichever came first', () => {
    expect(differencesOf({ ...plain, ...dearer }, [offered, dearer])).toEqual([]);
    expect(differencesOf(plain, [offered, dearer])).toEqual([]);
  });

  test('from the nearest of several payloads, never from a mixture of them', () => {
    expect(differencesOf({ ...plain, maxFeePerGas: 40n }, [offered, dearer])).toEqual(['fee']);
  });

  test('in nothing when a chain without EIP-1559 was offered a gas price', () => {
    const legacy = { ...offered, type: 0, ...gasPrice };
    expect(differencesOf({ ...legacy, attachments: [] }, [legacy])).toEqual([]);
  });
});
