import { generateKeyPairSync } from 'node:crypto';
import { expect, it } from 'vitest';
import { INTERNAL_TOKEN_SECONDS } from './claims.ts';
import { createTokenIssuer, createTokenVerifier } from './internal-token.ts';
import { internalJwks, signingKey } from './keys.ts';

const caller = { kind: 'service', service: 'audit' } as const;

function play() {
  const time = { now: Date.parse('2030-01-01T00:00:00Z') };
  const clock = () => new Date(time.now);
  const jwk = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const key = signingKey.parse({ ...jwk, kid: 'audit', alg: 'EdDSA', use: 'sig' });
  const jwks = internalJwks.parse({ keys: [key] });
  const verifier = (audience: string) => createTokenVerifier({ jwks, audience, clock });
  return { time, issue: createTokenIssuer(key, clock), verifier };
}

it('is known again until it expires, and not after', async () => {
  const { time, issue, verifier } = play();
  const verify = verifier('identity');
  const token = await issue('identity', caller);
  expect(await verify(token)).toMatchObject({ issuer: 'audit', caller });
  time.now += (INTERNAL_TOKEN_SECONDS - 1) * 1_000;
  expect(await verify(token)).toMatchObject({ issuer: 'audit', caller });
  // Clocks may differ by five seconds.
  time.now += 7_000;
  await expect(verify(token)).rejects.toMatchObject({ code: 'clocks_differ' });
});

it.each([
  [-30_000, /30 s behind [^]* which lasts 60 s$/],
  [90_000, /90 s ahead [^]*, or it waited so long on its way$/],
])('tells by how much the clocks differ when its time is over or to come (%i ms)', async (ms, words) => {
  const { time, issue, verifier } = play();
  const token = await issue('identity', caller);
  time.now += ms;
  await expect(verifier('identity')(token)).rejects.toThrow(words);
  expect(await verifier('wallet-registry')(token)).toBeNull();
});

it('is nothing to another service, nor with another signature', async () => {
  const { issue, verifier } = play();
  const token = await issue('identity', caller);
  expect(await verifier('identity')(token)).not.toBeNull();
  expect(await verifier('wallet-registry')(token)).toBeNull();
  const verify = verifier('identity');
  expect(await verify(token)).not.toBeNull();
  expect(await verify(`${token.slice(0, -4)}${token.endsWith('AAAA') ? 'BBBB' : 'AAAA'}`)).toBeNull();
});
