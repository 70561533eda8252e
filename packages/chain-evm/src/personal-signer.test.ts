import { Signature, Wallet } from 'ethers';
import { expect, test } from 'vitest';
import { personalSigner } from './personal-signer.ts';

const wallet = new Wallet(Wallet.createRandom().privateKey);
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

test('whoever signed a text is found, whatever the case of the hex, and nobody else for another text', async () => {
  const signature = await wallet.signMessage('yes');
  expect(personalSigner('yes', signature)).toBe(wallet.address);
  expect(personalSigner('yes', `0x${signature.slice(2).toUpperCase()}`)).toBe(wallet.address);
  expect(personalSigner('no', signature)).not.toBe(wallet.address);
});

test('bytes that are no signature, or its mirror image, name nobody', async () => {
  const { r, s, v } = Signature.from(await wallet.signMessage('yes'));
  const mirrored = `0x${r.slice(2)}${(ORDER - BigInt(s)).toString(16).padStart(64, '0')}${(55 - v).toString(16)}`;
  for (const text of ['0x', `0x${'00'.repeat(65)}`, `0x${'ff'.repeat(65)}`, mirrored])
    expect(personalSigner('yes', text)).toBeNull();
});
