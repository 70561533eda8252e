import type { ChainConfig, ChainNode, TransferIntent } from '@ironforge/chain-core';
import { branded } from '@ironforge/kernel';
import { type Anvil, startAnvil, waitUntil } from '@ironforge/testing';
import { Transaction } from 'ethers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { other, rich, TOKEN_CODE, tokenAddress } from './accounts.fixture.ts';
import { createEvmCodec } from './codec.ts';
import { createEvmNode } from './node.ts';
import { transactionOf } from './unsigned.ts';

const native = 'eip155:31337/slip44:60';
const token = `eip155:31337/erc20:${tokenAddress}`;
const ether = 10n ** 18n;

describe.each(['eip1559', 'legacy'] as const)('an EVM node, %s', (feeModel) => {
  let anvil: Anvil;
  let config: ChainConfig;
  let node: ChainNode;

  beforeAll(async () => {
    anvil = await startAnvil({ extraArguments: ['--hardfork', feeModel === 'legacy' ? 'berlin' : 'prague'] });
    config = configOf(anvil, feeModel);
    node = createEvmNode(config);
  });
  afterAll(() => anvil[Symbol.asyncDispose]());
  beforeEach(async () => void (await anvil.rpc('anvil_dropAllTransactions')));

  it('carries a native transfer from quote to block, and shows it from both sides', async () => {
    const intent = intentOf({ to: other.address, amount: ether.toString() });
    const before = await node.quote(intent);
    expect(before).toMatchObject({
      gasLimit: 21_000n,
      refused: null,
      failure: null,
      assetBalance: before.nativeBalance,
    });
    const { bytes, hash } = await signAt(config, intent, before);
    expect(await node.find(hash)).toEqual({ state: 'unknown' });
    expect(await node.broadcast(bytes, hash)).toEqual({ accepted: true });
    expect(await node.find(hash)).toEqual({ state: 'pending' });
    await anvil.mine();
    const head = await node.head();
    const [block] = await node.blocksFrom(head.height, 1);
    expect(block?.transactions).toMatchObject([
      { hash, from: rich.address, to: other.address, success: true },
    ]);
    expect(block?.transfers).toEqual([
      transferOf({ txHash: hash, index: 0, assetId: native, amount: ether }),
    ]);
    expect(await node.find(hash)).toMatchObject({
      state: 'mined',
      height: head.height,
      blockHash: head.hash,
    });
    const [left] = (await node.balancesAt(head.hash, [{ address: rich.address, assetId: native }])) ?? [];
    expect(left).toBe(before.nativeBalance - ether - (block?.transactions[0]?.fee ?? 0n));
    expect((await node.quote(intent)).minedCount).toBe(before.minedCount + 1);
  });

  it('takes the same bytes again, in the pool and after they were mined', async () => {
    const { bytes, hash } = await sendTo(node, config, intentOf({ to: other.address, amount: '1' }));
    expect(await node.broadcast(bytes, hash)).toEqual({ accepted: true });
    await anvil.mine();
    expect(await node.broadcast(bytes, hash)).toEqual({ accepted: true });
  });

  it('says that the wallet does not hold what it is to send', async () => {
    const { nativeBalance } = await node.quote(intentOf({ to: other.address, amount: '1' }));
    const quote = await node.quote(intentOf({ to: other.address, amount: (nativeBalance + 1n).toString() }));
    expect(quote.failure).toMatchObject({ kind: 'insufficient_funds' });
  });

  it('refuses other bytes at a nonce that is taken, and says why', async () => {
    const intent = intentOf({ to: other.address, amount: '1' });
    const offer = await node.quote(intent);
    await send(node, await signAt(config, intent, offer));
    const rival = await signAt(config, { ...intent, amount: '2' }, offer);
    expect(await node.broadcast(rival.bytes, rival.hash)).toMatchObject({
      refused: { reason: 'nonce_taken' },
    });
    await anvil.mine();
    expect(await node.broadcast(rival.bytes, rival.hash)).toMatchObject({
      refused: { reason: 'nonce_too_low' },
    });
  });

  it('reads balances as they were at a block, not as they are now, and not at all at an unknown block', async () => {
    const query = [{ address: other.address, assetId: native }];
    const then = await node.head();
    const [before] = (await node.balancesAt(then.hash, query)) ?? [];
    await sendTo(node, config, intentOf({ to: other.address, amount: '5' }));
    await anvil.mine();
    expect(await node.balancesAt(then.hash, query)).toEqual([before]);
    expect(await node.balancesAt((await node.head()).hash, query)).toEqual([(before ?? 0n) + 5n]);
    expect(await node.balancesAt(`0x${'11'.repeat(32)}`, query)).toBeNull();
  });

  it('reads many blocks in one go, each on top of the one before, and stops at the head', async () => {
    await anvil.mine(150);
    const head = await node.head();
    const blocks = await node.blocksFrom(head.height - 129, 200);
    expect(blocks.map((block) => block.height)).toEqual(
      Array.from({ length: 130 }, (_, i) => head.height - 129 + i),
    );
    expect(blocks.at(-1)?.hash).toBe(head.hash);
    expect(await node.blocksFrom(head.height + 1, 10)).toEqual([]);
    expect(await node.hashAt(head.height + 1)).toBeNull();
    expect(await node.hashAt(head.height)).toBe(head.hash);
  });

  it('offers slow ≤ standard ≤ fast, never without a tip where there are tips', async () => {
    const { slow, standard, fast } = await node.fees();
    expect(slow.maxFeePerGas <= standard.maxFeePerGas && standard.maxFeePerGas <= fast.maxFeePerGas).toBe(
      true,
    );
    expect(slow.maxPriorityFeePerGas > 0n).toBe(true);
    expect(slow.maxPriorityFeePerGas <= slow.maxFeePerGas).toBe(true);
  });
});

describe('an EVM node with a token', () => {
  let anvil: Anvil;
  let config: ChainConfig;
  let node: ChainNode;

  beforeAll(async () => {
    anvil = await startAnvil();
    config = configOf(anvil, 'eip1559');
    node = createEvmNode(config);
    await deployToken(anvil);
  });
  afterAll(() => anvil[Symbol.asyncDispose]());

  it('moves it by a call that we encoded, and sees the log as a transfer', async () => {
    const intent = intentOf({ to: other.address, amount: '700', assetId: token });
    const offer = await node.quote(intent);
    expect(offer).toMatchObject({ refused: null, assetBalance: 10n ** 24n });
    expect(offer.gasLimit).toBeGreaterThan(21_000n);
    const { hash } = await send(node, await signAt(config, intent, offer));
    await anvil.mine();
    const head = await node.head();
    const [block] = await node.blocksFrom(head.height, 1);
    expect(block?.transfers).toEqual([transferOf({ txHash: hash, index: 1, assetId: token, amount: 700n })]);
    const queries = [rich, other].map(({ address }) => ({ address, assetId: token }));
    expect(await node.balancesAt(head.hash, queries)).toEqual([10n ** 24n - 700n, 700n]);
  });

  it('says before anybody approves that a transfer would be reverted', async () => {
    const quote = await node.quote(
      intentOf({ from: other.address, to: rich.address, amount: '999999', assetId: token }),
    );
    expect(quote.refused).toMatchObject({ reason: 'reverted' });
    expect(quote.failure).toEqual({ kind: 'no_reason', text: 'reverted without a reason' });
    expect(quote.gasLimit).toBeGreaterThan(21_000n);
  });

  it('says of a token that answers false instead of reverting that it would move nothing', async () => {
    const refuser = '0x00000000000000000000000000000000000fa15e';
    // PUSH0 PUSH0 MSTORE PUSH1 32 PUSH0 RETURN: a word of zeros, whatever is asked.
    await anvil.rpc('anvil_setCode', [refuser, '0x5f5f5260205ff3']);
    const assetId = `eip155:31337/erc20:${refuser}`;
    const quote = await node.quote(intentOf({ to: other.address, amount: '1', assetId }));
    expect(quote).toMatchObject({ refused: null, failure: { kind: 'returned_false' } });
  });

  it('finds no balance of a token where there is no contract', async () => {
    const nowhere = `eip155:31337/erc20:${other.address}`;
    const head = await node.head();
    expect(await node.balancesAt(head.hash, [{ address: rich.address, assetId: nowhere }])).toEqual([0n]);
  });

  it('shows the fee and no transfer of value for a reverted call', async () => {
    const intent = intentOf({ from: other.address, to: rich.address, amount: '999999', assetId: token });
    const quote = await node.quote(intent);
    await send(node, await signAt(config, intent, quote));
    await anvil.mine();
    const [block] = await node.blocksFrom((await node.head()).height, 1);
    expect(block?.transactions).toMatchObject([{ from: other.address, success: false }]);
    expect(block?.transactions[0]?.fee).toBeGreaterThan(0n);
    expect(block?.transfers).toEqual([]);
  });

  it('shows another chain after a reorg: other hashes, the parent links whole', async () => {
    await anvil.mine(5);
    const before = await node.head();
    await anvil.reorg(3);
    const blocks = await node.blocksFrom(before.height - 4, 10);
    expect(blocks.at(-1)?.height).toBe(before.height);
    expect(blocks.at(-1)?.hash).not.toBe(before.hash);
    expect(await node.balancesAt(before.hash, [{ address: rich.address, assetId: native }])).toBeNull();
  });

  it('stopped for a while has told nothing: sending is of unknown outcome, and after that nothing leaves', async () => {
    const impatient = createEvmNode(config, { timeoutMs: 300 });
    const witness = createEvmNode(config, { timeoutMs: 300 });
    const send = () => impatient.broadcast('0x02', `0x${'00'.repeat(32)}`);
    await impatient.head();
    anvil.freeze();
    try {
      // A process that is told to stop may answer a last question.
      await waitUntil('the node to stand still', () => isSilent(witness));
      expect(await send()).toMatchObject({ refused: { reason: 'unknown_outcome' } });
      expect(await send()).toMatchObject({ refused: { reason: 'unreachable' } });
      await expect(impatient.head()).rejects.toMatchObject({ code: 'dependency_down', retry: 'later' });
    } finally {
      anvil.resume();
    }
  });
});

async function isSilent(node: ChainNode): Promise<boolean> {
  return await node.head().then(
    () => false,
    () => true,
  );
}

function configOf(anvil: Anvil, feeModel: ChainConfig['feeModel']): ChainConfig {
  return {
    chainId: branded('eip155:31337'),
    name: 'local',
    kind: 'evm',
    rpcUrls: [anvil.rpcUrl],
    nativeAssetId: branded(native),
    nativeSymbol: 'ETH',
    decimals: 18,
    confirmations: 2,
    finality: { kind: 'depth', depth: 32 },
    blockTimeMs: 1_000,
    feeModel,
  };
}

function intentOf(part: Pick<TransferIntent, 'to' | 'amount'> & Partial<TransferIntent>): TransferIntent {
  return {
    chainId: 'eip155:31337',
    from: rich.address,
    assetId: native,
    feeCeiling: ether.toString(),
    ...part,
  };
}

type Offer = Pick<Awaited<ReturnType<ChainNode['quote']>>, 'gasLimit' | 'fees' | 'minedCount'>;

async function signAt(config: ChainConfig, intent: TransferIntent, offer: Offer) {
  const { minedCount: nonce } = offer;
  const signer = intent.from === rich.address ? rich : other;
  const binding = { nonce, gasLimit: offer.gasLimit, ...offer.fees.standard };
  const bytes = await signer.signTransaction(transactionOf(config, intent, binding));
  const verdict = createEvmCodec(config).verifyAgainst(intent, { nonce }, bytes);
  if (!('accepted' in verdict)) throw new Error(JSON.stringify(verdict));
  return { bytes, hash: verdict.accepted.hash };
}

async function send(node: ChainNode, signed: { bytes: string; hash: string }) {
  expect(await node.broadcast(signed.bytes, signed.hash)).toEqual({ accepted: true });
  return signed;
}

async function sendTo(node: ChainNode, config: ChainConfig, intent: TransferIntent) {
  const quote = await node.quote(intent);
  return send(node, await signAt(config, intent, quote));
}

function transferOf(part: { txHash: string; index: number; assetId: string; amount: bigint }) {
  return { from: rich.address, to: other.address, success: true, ...part };
}

async function deployToken(anvil: Anvil): Promise<void> {
  const fields = {
    type: 2,
    chainId: 31337,
    nonce: 0,
    gasLimit: 300_000n,
    maxFeePerGas: 10n ** 10n,
    data: TOKEN_CODE,
  };
  const bytes = await rich.signTransaction(Transaction.from({ ...fields, maxPriorityFeePerGas: 1n }));
  await anvil.rpc('eth_sendRawTransaction', [bytes]);
  await anvil.mine();
}
