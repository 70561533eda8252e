import { expect, it, vi } from 'vitest';
import { reuseTokens } from './reuse-tokens.ts';

it('gives a token out again for half its life, to the same service only', async () => {
  vi.useFakeTimers();
  let issued = 0;
  const issue = reuseTokens(async (audience) => `${audience} ${++issued}`);
  const tokenFor = async (audience: string, service = 'audit') =>
    await issue(audience, { kind: 'service', service });
  expect([await tokenFor('identity'), await tokenFor('identity')]).toEqual(['identity 1', 'identity 1']);
  expect(await tokenFor('audit')).toBe('audit 2');
  expect(await tokenFor('identity', 'gateway')).toBe('identity 3');
  vi.advanceTimersByTime(30_000);
  expect(await tokenFor('identity')).toBe('identity 4');
  vi.useRealTimers();
});
