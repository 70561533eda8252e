import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { computeAddress } from 'ethers';
import { afterAll, expect, it } from 'vitest';
import { createKeystore, openKeystore } from './keystore.ts';

const folder = mkdtempSync(join(tmpdir(), 'keystore-test-'));
const files = { keystore: join(folder, 'key.json'), passwordFile: join(folder, 'password') };
writeFileSync(files.passwordFile, 'correct horse\n');
afterAll(() => rmSync(folder, { recursive: true }));

it('keeps a new key that opens with its password alone and is never overwritten', async () => {
  const address = await createKeystore(files);
  const signer = await openKeystore(files);
  expect(signer.address).toBe(address);
  expect(computeAddress(signer.key.publicKey)).toBe(address);
  expect(readFileSync(files.keystore, 'utf8')).not.toContain(signer.key.privateKey.slice(2));
  expect(statSync(files.keystore).mode & 0o777).toBe(0o600);

  await expect(createKeystore(files)).rejects.toThrow('exists already');
  writeFileSync(files.passwordFile, 'wrong\n');
  await expect(openKeystore(files)).rejects.toThrow('does not open');
});
