import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endpointNames, scrubber } from './endpoint-name.ts';

describe('an endpoint', () => {
  it('is called by its host, never by more of its URL', () => {
    expect(
      endpointNames([
        'https://mainnet.infura.io/v3/0123456789abcdef',
        'https://eth.example:8545/?apikey=0123456789abcdef',
        'https://user:0123456789abcdef@eth.example:8545',
        'http://127.0.0.1:8545',
      ]),
    ).toEqual(['mainnet.infura.io', 'eth.example:8545', 'eth.example:8545#2', '127.0.0.1:8545']);
  });
});

describe('a text that is going to be shown', () => {
  const scrub = scrubber('https://user:pass%20phrase@eth.example/v3/0123456789abcdef?token=fedcba9876543210');

  it.each([
    ['connect ECONNREFUSED 127.0.0.1:8545', 'connect ECONNREFUSED 127.0.0.1:8545'],
    ['Cannot POST /v3/0123456789abcdef', 'Cannot POST ***'],
    ['unknown key 0123456789abcdef', 'unknown key ***'],
    ['unknown token fedcba9876543210', 'unknown token ***'],
    ['wrong password pass phrase', 'wrong password ***'],
    ['see https://other.example/keys/1', 'see https://***'],
    ['failed: https://eth.example/v3/0123456789abcdef?token=fedcba9876543210', 'failed: https://***'],
  ])('%s', (text, shown) => {
    expect(scrub(text)).toBe(shown);
  });

  it('holds no key, wherever the key stood in the URL and stands in the text', () => {
    const key = fc.stringMatching(/^[A-Za-z0-9_-]{12,40}$/);
    const places = fc.constantFrom(
      (it: string) => `https://eth.example/v3/${it}`,
      (it: string) => `https://eth.example/${it}/rpc`,
      (it: string) => `https://eth.example/?apikey=${it}`,
      (it: string) => `https://${it}@eth.example/`,
      (it: string) => `https://user:${it}@eth.example/`,
    );
    fc.assert(
      fc.property(key, places, fc.string(), fc.string(), (secret, place, before, after) => {
        expect(scrubber(place(secret))(`${before}${secret}${after}`)).not.toContain(secret);
      }),
    );
  });
});
