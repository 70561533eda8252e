import { ROUTES } from '@ironforge/contracts';
import { Transaction } from 'ethers';
import { openKeystore } from '../../sign/keystore.ts';
import type { People, Request, Wallets } from '../cast.ts';
import type { Step } from '../step.ts';
import { claim } from '../truth.ts';

const THIEF = '0x000000000000000000000000000000000000dEaD';

/** Somebody with the very key signs the same payment to another recipient. */
export const refuseAltered: Step<{ people: People; wallets: Wallets; request: Request }, null> = {
  name: 'altered_bytes_refused',
  title: 'A thief at the signing desk signs another recipient, and is refused',
  why: 'Even the right key cannot pay anything else than what was approved: the bytes are rebuilt from the intent and compared, before anything is stored or sent.',
  act: async (_stage, { people, wallets, request }) => {
    const params = { id: request.id };
    const { api } = people.signer;
    const { leaseId, evm } = await api.call(ROUTES.createSigningPayload, { params, body: {} });
    const signedTransaction = await signAltered(evm.unsignedTransaction, wallets);
    const answer = await api.ask(ROUTES.submitSignature, { params, body: { leaseId, signedTransaction } });
    claim('the API refuses', 'problem' in answer && answer.problem.code === 'signed_bytes_differ');
    const fields = answer.problem.errors.map(({ field }) => field);
    claim('it names the field that differs', fields.join() === 'to');
    const after = await api.call(ROUTES.getTransaction, { params });
    claim('nothing was stored', after.status === 'approved' && after.txHash === null);
    return {
      facts: { answer: `${answer.status} signed_bytes_differ`, field: 'to', status: after.status },
      value: null,
    };
  },
};

async function signAltered(unsigned: string, { keystore }: Wallets): Promise<string> {
  const { key } = await openKeystore(keystore);
  const transaction = Transaction.from(unsigned);
  transaction.to = THIEF;
  transaction.signature = key.sign(transaction.unsignedHash);
  return transaction.serialized;
}
