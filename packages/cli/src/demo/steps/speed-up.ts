import { ROUTES } from '@ironforge/contracts';
import { Transaction } from 'ethers';
import { openKeystore } from '../../sign/keystore.ts';
import { askSmallPayment } from '../ask-small-payment.ts';
import { ether, SMALL_PAYMENT } from '../amounts.ts';
import type { People, Request, Wallets } from '../cast.ts';
import { requestWhen } from '../request-when.ts';
import type { Step } from '../step.ts';
import { claim } from '../truth.ts';

/** The signer may choose a fee below the ceiling; this one is so low that no block takes it. */
export const getStuck: Step<{ people: People; wallets: Wallets }, Request> = {
  name: 'stuck',
  title: 'A small payment needs nobody, but its signer is too thrifty: it gets stuck',
  why: 'Signed bytes may be mined at any time, so nothing is forgotten and nothing is paid again: the request says why it waits, and what can be done.',
  act: async (_stage, { people, wallets }) => {
    const request = await askSmallPayment({ people, wallets });
    claim('the rule lets it pass', request.status === 'approved');
    const params = { id: request.id };
    const { api } = people.signer;
    const { leaseId, evm } = await api.call(ROUTES.createSigningPayload, { params, body: {} });
    const signedTransaction = await signAtOneWei(evm.unsignedTransaction, wallets);
    await api.call(ROUTES.submitSignature, { params, body: { leaseId, signedTransaction } });
    const stuck = await requestWhen({ people, request }, 'it says why it waits', ({ reason }) =>
      REASONS.has(reason ?? ''),
    );
    return {
      facts: { amount: ether(SMALL_PAYMENT), nonce: evm.nonce, reason: stuck.reason ?? '' },
      value: request,
    };
  },
};

/** The same payment at a fee that a block takes, on the same nonce: of the two only one can be mined. */
export const speedUp: Step<{ people: People; wallets: Wallets; request: Request }, Request> = {
  name: 'sped_up',
  title: 'The operator speeds it up: the same payment, on the same nonce, at a fee that a block takes',
  why: 'A replacement is an attempt with a signature of its own. Within the approved ceiling nobody is asked again; both attempts are watched, and only one of them can ever be mined.',
  act: async (stage, { people, wallets, request }) => {
    await people.operator.api.call(ROUTES.speedUpTransaction, { params: { id: request.id }, body: {} });
    const { keystore, passwordFile } = wallets.keystore;
    const where = ['--url', stage.gatewayUrl, '--transaction', request.id, '--kind', 'speed_up'];
    const files = ['--keystore', keystore, '--password-file', passwordFile];
    await stage.runCli(['sign', ...where, ...files, '--json'], people.signer.apiKey);
    const confirmed = await requestWhen(
      { people, request },
      'it is confirmed',
      ({ status }) => status === 'confirmed',
    );
    const attempts = confirmed.attempts.map(({ kind, state }) => `${kind} ${state}`);
    claim(
      'the first attempt gave way, the second is mined',
      attempts.join() === 'original replaced,speed_up mined',
    );
    const mined = await Promise.all(confirmed.attempts.map(({ txHash }) => stage.node.receipt(txHash ?? '')));
    claim('the node has only the second', mined[0] === null && mined[1]?.status === 1n);
    return { facts: { attempts, block: confirmed.blockHeight ?? 0 }, value: confirmed };
  },
};

const REASONS = new Set(['stuck', 'underpriced']);

async function signAtOneWei(unsigned: string, { keystore }: Wallets): Promise<string> {
  const { key } = await openKeystore(keystore);
  const transaction = Transaction.from(unsigned);
  transaction.maxPriorityFeePerGas = 1n;
  transaction.maxFeePerGas = 1n;
  transaction.signature = key.sign(transaction.unsignedHash);
  return transaction.serialized;
}
