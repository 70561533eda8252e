import { ROUTES } from '@ironforge/contracts';
import { z } from 'zod';
import type { People, Request, Wallets } from '../cast.ts';
import type { Step } from '../step.ts';
import { claim } from '../truth.ts';

/** What `ironforge sign --json` prints. */
const Signed = z.object({
  transactionId: z.string(),
  intentHash: z.string(),
  txHash: z.string(),
  nonce: z.int(),
});
export type Signed = z.infer<typeof Signed>;

/** The signer's own program: it believes nothing that it can recompute. */
export const signRequest: Step<{ people: People; wallets: Wallets; request: Request }, Signed> = {
  name: 'signed',
  title: 'The signer’s program checks everything again and signs',
  why: '`ironforge sign` is a program apart from the services. It recomputes the intent hash, counts the approvals, rebuilds the transaction, and only then uses its key.',
  act: async (stage, { people, wallets, request }) => {
    const { keystore, passwordFile } = wallets.keystore;
    const where = ['--url', stage.gatewayUrl, '--transaction', request.id];
    const files = ['--keystore', keystore, '--password-file', passwordFile];
    const printed = await stage.runCli(['sign', ...where, ...files, '--json'], people.signer.apiKey);
    const signed = Signed.parse(JSON.parse(printed));
    claim('the signer computed the same intent hash', signed.intentHash === request.intentHash);
    const { txHash } = await people.operator.api.call(ROUTES.getTransaction, { params: { id: request.id } });
    claim('the hash was stored before anything is sent', txHash === signed.txHash);
    return {
      facts: { intentHash: signed.intentHash, nonce: signed.nonce, txHash: signed.txHash },
      value: signed,
    };
  },
};
