import { readFileSync } from 'node:fs';
import { decryptKeystoreJson, encryptKeystoreJson, SigningKey, Wallet } from 'ethers';
import { trouble } from '../trouble.ts';
import { writeKey } from '../write-key.ts';

/** Where a key lies: a keystore (Web3 Secret Storage version 3, scrypt) and the file with its password. */
export interface KeystoreFiles {
  readonly keystore: string;
  readonly passwordFile: string;
}

/** A key and the address that it signs for, checksummed. */
export interface OpenedKey {
  readonly address: string;
  readonly key: SigningKey;
}

/** Opens a keystore. Throws `usage` when a file is missing, is no keystore, or the password is wrong. */
export async function openKeystore(files: KeystoreFiles): Promise<OpenedKey> {
  const json = readText(files.keystore);
  const password = readSecret(files.passwordFile);
  const { address, privateKey } = await decryptKeystoreJson(json, password).catch((error: unknown) => {
    throw trouble(
      'usage',
      `${files.keystore} does not open with the password in ${files.passwordFile}`,
      error,
    );
  });
  return { address, key: new SigningKey(privateKey) };
}

/** Makes a new key, writes its keystore (mode 0600) and gives its address; a file that exists is never overwritten. */
export async function createKeystore(files: KeystoreFiles): Promise<string> {
  const { address, privateKey } = Wallet.createRandom();
  const json = await encryptKeystoreJson({ address, privateKey }, readSecret(files.passwordFile));
  writeKey(files.keystore, `${json}\n`);
  return address;
}

/** The secret in a file, without the line break at its end. Throws `usage` when it is missing or empty. */
export function readSecret(file: string): string {
  const secret = readText(file).replace(/\r?\n$/, '');
  if (secret === '') throw trouble('usage', `${file} is empty`);
  return secret;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw trouble('usage', `${file} cannot be read`, error);
  }
}
