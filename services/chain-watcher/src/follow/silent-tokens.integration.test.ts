import { randomUUID } from 'node:crypto';
import { createMetrics } from '@ironforge/service-kit';
import { createCollectingLogger, createRpcProxy, startAnvil } from '@ironforge/testing';
import { expect, it } from 'vitest';
import { BOB } from '../chain-play.fixture.ts';
import { createChains } from '../chains.ts';
import { createTelemetry } from '../telemetry.ts';
import { configOf, NATIVE } from '../watcher.fixture.ts';
import { readBalances } from './balances.ts';

it('many tokens that nobody can be asked about in time cost the time of a few, and the coin is told', async () => {
  await using anvil = await startAnvil();
  await using line = await createRpcProxy(anvil.rpcUrl);
  const chain = chainAt(configOf(anvil, { rpcUrls: [line.url] }));
  line.interfere(async ({ method }, real) => {
    if (method === 'eth_call') throw Object.assign(new Error('gone'), { code: 'ECONNRESET' });
    return await real();
  });
  const { hash } = await chain.node.head();
  const assets = [NATIVE, ...Array.from({ length: 12 }, (_, index) => tokenOf(index + 1))];
  const wallet = { tenant_id: randomUUID(), wallet_id: randomUUID(), address: BOB };
  const readings = await readBalances(
    chain,
    hash,
    assets.map((asset_id) => ({ ...wallet, asset_id })),
  );
  expect([...readings.keys()]).toEqual([`${wallet.tenant_id} ${wallet.wallet_id} ${NATIVE}`]);
  const asked = line.calls.filter(({ method }) => method === 'eth_call').length;
  expect(asked - 12).toBe(3);
});

it('tokens that stay silent keep no other back for long, not even one that is registered right behind them', async () => {
  await using anvil = await startAnvil();
  await using line = await createRpcProxy(anvil.rpcUrl);
  const chain = chainAt(configOf(anvil, { rpcUrls: [line.url] }));
  const assets = Array.from({ length: 30 }, (_, index) => tokenOf(index + 1));
  const silent = new Set(assets.slice(10, 13).map((asset) => asset.slice(-40)));
  line.interfere(async ({ method, params }, real) => {
    const called = JSON.stringify(params).toLowerCase();
    if (method === 'eth_call' && [...silent].some((address) => called.includes(`"0x${address}"`)))
      throw Object.assign(new Error('gone'), { code: 'ECONNRESET' });
    return await real();
  });
  const wallet = { tenant_id: randomUUID(), wallet_id: randomUUID(), address: BOB };
  let told = 0;
  for (let block = 0; block < 30; block += 1) {
    await anvil.mine();
    const { hash } = await chain.node.head();
    const readings = await readBalances(
      chain,
      hash,
      assets.map((asset_id) => ({ ...wallet, asset_id })),
    );
    told += readings.has(`${wallet.tenant_id} ${wallet.wallet_id} ${assets[13]}`) ? 1 : 0;
  }
  expect(told).toBeGreaterThan(8);
});

function chainAt(config: ReturnType<typeof configOf>) {
  const telemetry = createTelemetry(createMetrics('test').registry);
  return createChains(config.CHAINS, { telemetry, log: createCollectingLogger() }).get('eip155:31337');
}

function tokenOf(index: number): string {
  return `eip155:31337/erc20:0x${index.toString().padStart(40, '0')}`;
}
