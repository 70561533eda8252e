import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { saidOf } from './planted.fixture.ts';
import { privateKeys } from './private-keys.ts';

const DIGITS = '3b9f07c1d2a4e58695867abc'.repeat(3).slice(0, 64);
const ANVIL = ['ac0974bec39a17e36ba4a6b4d238ff94', '4bacb478cbed5efcae784d7bf4f2ff80'].join('');

describe('private keys', () => {
  it.each(['privateKey', 'signer', 'secret', 'key'])('names 64 digits that are called %s', async (name) => {
    const file = 'services/audit/src/a.ts';
    expect(await saidOf(privateKeys, { [file]: `\nconst ${name} = '0x${DIGITS}';\n` })).toEqual([
      `${file}:2 what looks like a private key (64 hexadecimal digits)`,
    ]);
  });

  it('names the short keys that secretlint passes over', async () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const files = {
      'a.pem': privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      'b.json': JSON.stringify(privateKey.export({ format: 'jwk' })),
    };
    expect(await saidOf(privateKeys, files)).toEqual([
      'a.pem:1 a private key (PEM)',
      'b.json:1 a private key (JWK)',
    ]);
  });

  it("names anvil's keys outside tests and the local installation", async () => {
    const text = `const account = '0x${ANVIL}';\n`;
    expect(await saidOf(privateKeys, { 'services/audit/src/a.ts': text })).toHaveLength(1);
    expect(
      await saidOf(privateKeys, { 'packages/testing/src/a.ts': text, 'services/audit/src/a.test.ts': text }),
    ).toEqual([]);
  });

  it('allows hashes, topics, and vectors that say they are published', async () => {
    const text = `const txHash = '0x${DIGITS}';\n\n\n// the published key of RFC 8032, section 7.1\nconst key = '${DIGITS}';\n`;
    expect(await saidOf(privateKeys, { 'packages/chain-evm/src/a.ts': text })).toEqual([]);
  });
});
