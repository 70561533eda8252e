import { ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { Wallet } from 'ethers';
import { z } from 'zod';
import { chain, environment } from '../world/environment.ts';
import { askNode, askNodeAt, betweenBlocks, mine, reorg, sendRaw } from '../world/node.ts';
import {
  allowAll,
  askToPay,
  type KeyedWallet,
  openWallet,
  readRequest,
  signatureFor,
  signPayload,
  takePayload,
  untilStatus,
} from '../world/payment.ts';
import { placeAt } from '../world/place.ts';
import { present } from '../world/present.ts';
import { foundTenant, superAdmin, type Tenant } from '../world/tenant.ts';

const K = 2;
const MORE_THAN_STUCK = 8;
/** No payment fits into such a block. */
const NO_ROOM = '0x1';

/** What happens when blocks take nothing, take something else, or are undone. */
export async function makeRareBlocks(): Promise<void> {
  const tenant = await foundTenant();
  await allowAll(tenant);
  await stopSecondChain(tenant);
  const wallet = await openWallet(tenant);
  await betweenBlocks(chain.rpcUrl, async () => {
    await getStuck(tenant, wallet);
    await beUndone(tenant, wallet);
    await beReplaced(tenant, wallet);
  });
}

/** Has a payment sent, while no block comes; gives it with the bytes of another transaction on its nonce. */
async function send({ operator, signer }: Tenant, wallet: KeyedWallet) {
  const request = await askToPay(operator, wallet);
  const offer = await takePayload(signer, request);
  const bytes = signPayload(offer, wallet.key);
  await signer.call(ROUTES.submitSignature, signatureFor(offer, bytes));
  await untilStatus(operator, request, 'broadcasted');
  const fees = { maxFeePerGas: 3n * BigInt(offer.evm.maxFeePerGas ?? '0'), to: wallet.address, value: 0n };
  const rival = signPayload(offer, wallet.key, (tx) => {
    Object.assign(tx, fees);
    tx.maxPriorityFeePerGas = tx.maxFeePerGas;
  });
  return { request, rival };
}

const Block = z.object({ gasLimit: z.string() });

/** Blocks have no room for it, for a while. */
async function getStuck(tenant: Tenant, wallet: KeyedWallet): Promise<void> {
  const { request } = await send(tenant, wallet);
  const { gasLimit } = Block.parse(await askNode('eth_getBlockByNumber', 'latest', false));
  await askNode('evm_setBlockGasLimit', NO_ROOM);
  await mine(MORE_THAN_STUCK);
  await waitUntil(
    'it is stuck',
    async () => (await readRequest(tenant.operator, request)).reason === 'stuck',
  );
  await askNode('evm_setBlockGasLimit', gasLimit);
  await mine(1 + K);
  await untilStatus(tenant.operator, request, 'confirmed');
}

/** The block that it was in is undone. */
async function beUndone(tenant: Tenant, wallet: KeyedWallet): Promise<void> {
  const { request } = await send(tenant, wallet);
  await mine(1);
  await waitUntil('it is in a block', async () => (await readRequest(tenant.operator, request)).blockHash);
  await reorg(1);
  const isConfirmed = async () => {
    await mine(1);
    return (await readRequest(tenant.operator, request)).status === 'confirmed';
  };
  await waitUntil('it is sent again and confirmed', isConfirmed, { intervalMs: 500 });
}

async function beReplaced(tenant: Tenant, wallet: KeyedWallet): Promise<void> {
  const { request, rival } = await send(tenant, wallet);
  await sendRaw(rival);
  await mine(1 + K);
  await untilStatus(tenant.operator, request, 'failed');
}

/** A fork below finality stops a chain, until somebody allows that final blocks are undone. */
async function stopSecondChain(tenant: Tenant): Promise<void> {
  const { chainId, rpcUrl } = present(environment.chains[1], 'a second chain');
  await placeAt(1).openWallet(tenant, Wallet.createRandom());
  const height = Number(await askNodeAt(rpcUrl, 'eth_blockNumber'));
  await betweenBlocks(rpcUrl, () => askNodeAt(rpcUrl, 'anvil_reorg', DEEPER_THAN_FINALITY, []));
  const isIn = (status: string) => async () => {
    const { data } = await tenant.user.call(ROUTES.listChains);
    return data.some((one) => one.chainId === chainId && one.status === status);
  };
  await waitUntil('the chain has stopped', isIn('stopped'));
  const body = { chainId, finalizedHeight: Math.max(0, height - DEEPER_THAN_FINALITY - 1) };
  await superAdmin.call(ROUTES.resumeChain, { body });
  await waitUntil('the chain has gone on', isIn('following'));
}

const DEEPER_THAN_FINALITY = 20;
