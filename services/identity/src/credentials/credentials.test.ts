import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { makeApiKeyText, readApiKeyId } from './api-key-text.ts';
import { createFieldCipher } from './field-cipher.ts';
import { createKeyedHash } from './keyed-hash.ts';
import { limitConcurrency } from './limit-concurrency.ts';
import { createPasswords } from './passwords.ts';
import { issueRefreshToken, readRefreshToken } from './refresh-tokens.ts';

/** What node says when a cipher is not what was sealed here, or is too short to be one. */
const NOT_OURS = /unable to authenticate data|authentication tag/;

describe('a field cipher', () => {
  const cipher = createFieldCipher(randomBytes(32), 'v1');
  const place = { tenantId: 't', table: 'users', column: 'email_cipher', row: 'r' };

  it('opens what it sealed, and seals the same text differently each time', () => {
    const [one, other] = [cipher.seal(place, 'ä@forge.test'), cipher.seal(place, 'ä@forge.test')];
    expect(cipher.open(place, one)).toBe('ä@forge.test');
    expect(one).not.toBe(other);
    expect(one).not.toContain('forge');
  });

  it.each([{ tenantId: 'u' }, { table: 'x' }, { column: 'x' }, { row: 's' }])(
    'does not open elsewhere: %j',
    (moved) => {
      const sealed = cipher.seal(place, 'text');
      expect(() => cipher.open({ ...place, ...moved }, sealed)).toThrow(NOT_OURS);
    },
  );

  it('does not open what was changed, shortened, or sealed with another key', () => {
    const sealed = cipher.seal(place, 'text');
    const changed = sealed.replace(/..$/, (end) => (end === 'AA' ? 'BB' : 'AA'));
    expect(() => cipher.open(place, changed)).toThrow(NOT_OURS);
    expect(() => cipher.open(place, sealed.slice(0, 20))).toThrow(NOT_OURS);
    expect(() => createFieldCipher(randomBytes(32), 'v1').open(place, sealed)).toThrow(NOT_OURS);
  });
});

it('reads the id of an API key, and of nothing else', () => {
  const id = randomUUID();
  expect(readApiKeyId(makeApiKeyText(id))).toBe(id);
  for (const text of ['', 'ifk_', `ifk_${id}_x`, `${makeApiKeyText(id)}x`])
    expect(readApiKeyId(text)).toBeNull();
});

it('knows a refresh token that it issued', () => {
  const keyedHash = createKeyedHash('k'.repeat(32));
  const sessionId = randomUUID();
  const { text, hash } = issueRefreshToken(keyedHash, sessionId);
  expect(readRefreshToken(keyedHash, text)).toEqual({ sessionId, hash });
  expect(readRefreshToken(createKeyedHash('x'.repeat(32)), text)).toBeNull();
  expect(readRefreshToken(keyedHash, text.slice(0, -1))).toBeNull();
});

describe('passwords', () => {
  it('are Argon2id with 19 MiB, and a weaker hash is known as such', async () => {
    const passwords = await createPasswords();
    const hash = await passwords.hash('a password');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(passwords.isOutdated(hash)).toBe(false);
    expect(passwords.isOutdated(hash.replace('t=2', 't=1'))).toBe(true);
    expect(await passwords.matches(hash, 'a password')).toBe(true);
    expect(await passwords.matches(hash, 'another')).toBe(false);
    expect(await passwords.matches(null, 'no account has this password')).toBe(false);
  });
});

it('runs a bounded number at once, in order, and refuses beyond the queue', async () => {
  const limit = limitConcurrency({ running: 2, waiting: 3 });
  const seen = { now: 0, most: 0 };
  const work = async (): Promise<void> => {
    seen.most = Math.max(seen.most, ++seen.now);
    await new Promise((resolve) => setTimeout(resolve, 5));
    seen.now--;
  };
  const outcomes = await Promise.allSettled(Array.from({ length: 7 }, async () => await limit(work)));
  expect(seen.most).toBe(2);
  expect(outcomes.map((outcome) => outcome.status)).toEqual([
    ...Array<string>(5).fill('fulfilled'),
    'rejected',
    'rejected',
  ]);
  await limit(work);
});
