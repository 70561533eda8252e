import { expect, it, vi } from 'vitest';
import { reuseTokens } from './reuse-tokens.ts';

it('gives a token out again for half its life, to the same service only', async () => {
  vi.useFakeTimers();
  let issued = 0;
  const tokenFor = reuseTokens(async (audience) => `${audience} ${++issued}`);
  expect([await tokenFor('identity'), await tokenFor('identity')]).toEqual(['identity 1', 'identity 1']);
  expect(await tokenFor('audit')).toBe('audit 2');
  vi.advanceTimersByTime(30_000);
  expect(await tokenFor('identity')).toBe('identity 3');
  vi.useRealTimers();
});
