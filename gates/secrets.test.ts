import { generateKeyPairSync } from 'node:crypto';
import { expect, it } from 'vitest';
import { plantFolder, said } from './planted.fixture.ts';
import { secrets } from './secrets.ts';

it('names a private key, a token and a password in a connection string', async () => {
  using planted = plantFolder({
    'key.pem': anyPrivateKey(),
    'docs/a.md': ['\nghp_', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx\n'].join(''),
    'packages/a/src/index.ts': [
      "export const url = 'postgres://bob:",
      "hunter2hunter2@db.example.com/x';\n",
    ].join(''),
  });
  const found = said(await secrets.find(planted.tree));
  expect(found).toContainEqual(expect.stringMatching(/^key\.pem:1 /));
  expect(found).toContainEqual(expect.stringMatching(/^docs\/a\.md:2 .*GitHub/));
  expect(found).toContainEqual(expect.stringMatching(/^packages\/a\/src\/index\.ts:1 .*PostgreSQL/));
});

it('says nothing about a sound tree', async () => {
  using planted = plantFolder({ 'packages/a/src/index.ts': 'export const one = 1;\n' });
  expect(await secrets.find(planted.tree)).toEqual([]);
});

function anyPrivateKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
}
