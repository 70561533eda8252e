import { expect, it } from 'vitest';
import { cacheKey, KEYS } from './keys.ts';

const TENANT = '6f1c8c1e-0b7a-4c3e-9a51-2f7b5d0c9e11';

it('puts the tenant in braces, so that one tenant lives on one node of a cluster', () => {
  const key = cacheKey(KEYS.nonceLock, { tenantId: TENANT, chainId: 'eip155:1', address: '0xab' });
  expect(key).toEqual({ text: `lock:nonce:{${TENANT}}:eip155:1:0xab`, ttlMs: 5_000 });
});

it('names a chain by its CAIP-2 id, so that two chains of one family never share a key', () => {
  expect(cacheKey(KEYS.gasPrice, { chainId: 'eip155:137' }).text).toBe('chain:gas_price:eip155:137');
});

it('has no two kinds of one name', () => {
  const names = Object.values(KEYS).map((kind) => kind.name);
  expect(new Set(names).size).toBe(names.length);
});
