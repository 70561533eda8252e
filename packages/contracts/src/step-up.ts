import { z } from 'zod';

/** By what an approval can be proved beside a session, the weakest first. */
export const STEP_UPS = ['totp', 'signature'] as const;

/** A code of the second factor, or a signature of the approver's own address, which a signer can check by himself. */
export const stepUp = z.enum(STEP_UPS);
export type StepUp = z.infer<typeof stepUp>;

/** The present code of an authenticator (RFC 6238). */
export const totpCode = z.string().regex(/^[0-9]{6}$/);

/** One of the codes for when the authenticator is lost: base 32 (RFC 4648), in two groups or in one. */
export const recoveryCode = z.string().regex(/^[A-Za-z2-7]{5}-?[A-Za-z2-7]{5}$/);

/** Either of the two; an approval takes the first alone. */
export const totpOrRecoveryCode = z.string().regex(/^([0-9]{6}|[A-Za-z2-7]{5}-?[A-Za-z2-7]{5})$/);

/** A recoverable ECDSA signature: r, s and v, 65 bytes. */
export const walletSignature = z.string().regex(/^0x[0-9a-fA-F]{130}$/);

/** How a decision says what proves it. */
export const proofs = {
  totp: totpCode.optional().describe('a code of the second factor, where the rule asks for it'),
  signature: walletSignature
    .optional()
    .describe(
      'where the rule asks for it: of the approver’s address over the text that names the hash (EIP-191, personal_sign)',
    ),
} as const;

/** How a decision tells what proved it. */
export const proved = {
  stepUp: stepUp.nullable().describe('by what it was proved beside the session'),
  signature: z.string().nullable(),
  signerAddress: z.string().nullable().describe('whose signature it is'),
} as const;
