import { z } from 'zod';
import { route } from '../route.ts';
import { addressInput, utcTime } from '../scalars.ts';
import { recoveryCode, totpCode as code, totpOrRecoveryCode, walletSignature } from '../step-up.ts';
import { givenPassword } from './credentials.ts';

const service = 'identity';
const access = 'authenticated';

const recoveryCodes = z.object({
  recoveryCodes: z
    .array(recoveryCode)
    .describe('each signs in once in place of a code; shown only now, those of before count no more'),
});

/** By what a person proves himself beside his password: an authenticator with its recovery codes, the address of a wallet. */
export const ownProofRoutes = {
  enrolTotp: route({
    method: 'POST',
    path: '/v1/me/totp',
    service,
    access,
    summary:
      'Begin to use an authenticator (RFC 6238) by one’s password, or another one by a code of the present one, which stays in use until that is confirmed; shown only now',
    body: z.strictObject({
      password: givenPassword.optional().describe('for the first one'),
      code: totpOrRecoveryCode.optional().describe('of the present one, or a recovery code, for another'),
    }),
    reply: z.object({ secret: z.string().describe('base 32'), uri: z.string() }),
    errors: ['step_up_required', 'step_up_failed', 'too_many_attempts'],
  }),
  confirmTotp: route({
    method: 'POST',
    path: '/v1/me/totp/confirm',
    service,
    access,
    summary:
      'Show that the authenticator works; from then on its codes count, and those of the one before no more',
    body: z.strictObject({ code }),
    reply: recoveryCodes,
    errors: ['illegal_transition', 'step_up_failed', 'too_many_attempts'],
  }),
  renewRecoveryCodes: route({
    method: 'POST',
    path: '/v1/me/totp/recovery-codes',
    service,
    access,
    summary: 'Get ten other recovery codes by a code of the authenticator; those of before count no more',
    body: z.strictObject({ code }),
    reply: recoveryCodes,
    errors: ['illegal_transition', 'step_up_failed', 'too_many_attempts'],
  }),
  offerApprovalAddress: route({
    method: 'POST',
    path: '/v1/me/approval-address',
    service,
    access,
    summary:
      'Begin to sign one’s approvals with a wallet (or another one): gives the text that it has to sign (EIP-191, personal_sign)',
    body: z.strictObject({ address: addressInput }),
    reply: z.object({ message: z.string(), expiresAt: utcTime }),
    errors: ['approval_address_exists'],
  }),
  confirmApprovalAddress: route({
    method: 'POST',
    path: '/v1/me/approval-address/confirm',
    service,
    access,
    summary:
      'Hand in the wallet’s signature; from then on it proves one’s approvals. Of somebody with a say in what rules decide others must approve it',
    body: z.strictObject({ signature: walletSignature }),
    reply: z.object({ address: z.string() }),
    idempotency: 'optional',
    change: 'possible',
    errors: [
      'illegal_transition',
      'step_up_failed',
      'approval_address_exists',
      'version_conflict',
      'dependency_down',
    ],
  }),
} as const;
