import { ROUTES } from '@ironforge/contracts';
import { createEvmCodec } from '@ironforge/chain-evm';
import type { Clock } from '@ironforge/kernel';
import { type SigningKey, Transaction } from 'ethers';
import type { Api } from '../api/client.ts';
import { objectionTo, rulesOf, type SigningPayload } from './objection.ts';

/** A key and the address that it signs for, checksummed. */
export interface Signer {
  readonly address: string;
  readonly key: SigningKey;
}

/** What became of a request to sign: signed and taken, or refused by the signer, and why. */
export type SigningOutcome =
  | {
      readonly signed: {
        readonly transactionId: string;
        readonly intentHash: string;
        readonly nonce: number;
        readonly txHash: string;
        readonly status: string;
      };
    }
  | { readonly refused: string };

/** Which payload of which request is to be signed. */
export interface SigningTask {
  readonly transactionId: string;
  readonly kind: SigningPayload['kind'];
}

/** What the signer works with. */
export interface SigningDeps {
  readonly api: Api;
  readonly signer: Signer;
  readonly clock: Clock;
}

/** Asks for a request's payload, checks it against what people approved, signs it and hands the bytes in. */
export async function signTransaction(
  deps: SigningDeps,
  { transactionId, kind }: SigningTask,
): Promise<SigningOutcome> {
  const { api, signer, clock } = deps;
  const params = { id: transactionId };
  const payload = await api.call(ROUTES.createSigningPayload, { params, body: { kind } });
  const objection = objectionTo(payload, { transactionId, kind, address: signer.address, now: clock() });
  if (objection !== null) return { refused: objection };
  const signedTransaction = sign(payload, signer.key);
  const verdict = createEvmCodec(rulesOf(payload)).verifyAgainst(
    payload.intent,
    payload.evm,
    signedTransaction,
  );
  if (!('accepted' in verdict)) return { refused: 'The signature does not fit the approved intent.' };
  const body = { leaseId: payload.leaseId, signedTransaction };
  const { status } = await api.call(ROUTES.submitSignature, { params, body });
  const { intentHash, evm } = payload;
  return { signed: { transactionId, intentHash, nonce: evm.nonce, txHash: verdict.accepted.hash, status } };
}

function sign(payload: SigningPayload, key: SigningKey): string {
  const transaction = Transaction.from(payload.evm.unsignedTransaction);
  transaction.signature = key.sign(transaction.unsignedHash);
  return transaction.serialized;
}
