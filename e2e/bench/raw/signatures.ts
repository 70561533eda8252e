import { randomBytes } from 'node:crypto';
import { recoverAddress, SigningKey } from 'ethers';
import { rateOf } from './clock.ts';

/** How many signatures a second the bare library tells the sender of, one after the other. */
export async function rawRecoveries(count: number): Promise<number> {
  const key = new SigningKey(randomBytes(32));
  const signed = Array.from({ length: count }, () => {
    const digest = `0x${randomBytes(32).toString('hex')}`;
    return { digest, signature: key.sign(digest) };
  });
  return await rateOf({ count, workers: 1 }, async (index) => {
    const one = signed[index];
    if (one !== undefined) recoverAddress(one.digest, one.signature);
  });
}
