import { Signature } from 'ethers/crypto';
import { verifyMessage } from 'ethers/hash';

/**
 * Who signed a text with his wallet (EIP-191 version 0x45, personal_sign), checksummed; null when the bytes are no signature,
 * or the mirror image of one (EIP-2), so that nobody but the signer can make another one.
 */
export function personalSigner(text: string, signature: string): string | null {
  try {
    return verifyMessage(text, Signature.from(signature.toLowerCase()));
  } catch {
    // ethers throws for everything it cannot read; its texts name insides that help nobody.
    return null;
  }
}
