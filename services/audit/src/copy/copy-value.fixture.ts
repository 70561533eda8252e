import { createDecipheriv } from 'node:crypto';

/** The text in a value of the copy; throws when the key is another one, or the value is not what was written. */
export function openedText(value: Buffer, key: Buffer): string {
  const leaf = value.subarray(0, 32);
  const decipher = createDecipheriv('aes-256-gcm', key, leaf.subarray(0, 12));
  decipher.setAAD(leaf).setAuthTag(value.subarray(-16));
  return Buffer.concat([decipher.update(value.subarray(32, -16)), decipher.final()]).toString();
}
