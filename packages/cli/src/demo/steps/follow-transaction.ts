import { ROUTES } from '@ironforge/contracts';
import { present } from '@ironforge/kernel';
import { ether, PAYMENT } from '../amounts.ts';
import type { People, Request, Wallets } from '../cast.ts';
import type { Step } from '../step.ts';
import { requestWhen } from '../request-when.ts';
import { claim, until } from '../truth.ts';
import type { Signed } from './sign-request.ts';

interface Given {
  readonly people: People;
  readonly wallets: Wallets;
  readonly request: Request;
  readonly signed: Signed;
}

/** A node has the bytes. */
export const broadcast: Step<Given, null> = {
  name: 'broadcasted',
  title: 'The watcher sends the signed bytes to the network',
  why: 'The order to send was stored together with the signature, so no crash can lose it, and the same bytes can be sent again without harm.',
  act: async (stage, given) => {
    const { status } = await requestWhen(given, 'it is broadcast', ({ status: now }) => now !== 'signed');
    const { signed, wallets } = given;
    const onNode = await until('the node knows the transaction', () => stage.node.transaction(signed.txHash));
    claim('it goes to the supplier', onNode.to.toLowerCase() === wallets.supplier.address.toLowerCase());
    claim('it carries the approved amount', onNode.value === PAYMENT);
    claim('it has the nonce that was leased', Number(onNode.nonce) === signed.nonce);
    return { facts: { status, txHash: signed.txHash, value: ether(onNode.value) }, value: null };
  },
};

/** The transaction is in a block, as the node sees it too. */
export const include: Step<Given, null> = {
  name: 'included',
  title: 'A block includes it',
  why: 'Seen by following blocks, never by asking for a receipt: what is not in a followed block did not happen.',
  act: async (stage, given) => {
    const { blockHeight, blockHash } = await requestWhen(
      given,
      'it is included',
      (now) => now.blockHeight !== null,
    );
    const receipt = present(await stage.node.receipt(given.signed.txHash), 'the receipt');
    claim('the node says it succeeded', receipt.status === 1n);
    claim(
      'in the same block',
      receipt.blockHash === blockHash && Number(receipt.blockNumber) === blockHeight,
    );
    return { facts: { block: Number(receipt.blockNumber), blockHash: receipt.blockHash }, value: null };
  },
};

/** Deep enough to be believed. */
export const confirm: Step<Given, Request> = {
  name: 'confirmed',
  title: 'It lies deep enough: confirmed',
  why: 'Each chain has a depth from which on a block is believed. Until it is final, a reorganisation would still take the status back.',
  act: async (stage, given) => {
    const { data: chains } = await given.people.operator.api.call(ROUTES.listChains);
    const depth = present(
      chains.find(({ chainId }) => chainId === stage.chainId),
      'the chain',
    ).confirmations;
    const request = await requestWhen(given, 'it is confirmed', ({ status }) => status === 'confirmed');
    const height = present(request.blockHeight, 'the height of a confirmed request');
    claim('the API counts that many confirmations', request.confirmations >= depth);
    claim('and so does the node', (await stage.node.height()) - height + 1 >= depth);
    claim('the block is still on the chain', (await stage.node.blockHashAt(height)) === request.blockHash);
    const facts = { status: request.status, confirmations: request.confirmations, neededDepth: depth };
    return { facts, value: request };
  },
};
