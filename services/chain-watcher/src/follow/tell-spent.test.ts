import { randomUUID } from 'node:crypto';
import { createEventMaker } from '@ironforge/service-kit';
import { describe, expect, it } from 'vitest';
import { causeOfChain, createMessages } from '../messages.ts';
import type { SpentNonce } from '../queries/spent-nonces.ts';
import type { Watch } from '../queries/watches.ts';
import { tellSpent } from './tell-spent.ts';

const chainId = 'eip155:31337';
const seen = { chainId, height: 11, cause: causeOfChain(chainId) };
const messages = createMessages(
  createEventMaker({ service: 'chain-watcher', clock: () => new Date(0), newId: randomUUID }),
);
const [tenant, neighbour] = [randomUUID(), randomUUID()];

describe('what a block changed about payments', () => {
  it('is one message for one payment', () => {
    expect(kindsOf([paid(tenant, '0xa', 1)])).toEqual(['chain.tx_observed']);
  });

  it('is one message for all of one sender, in their order, and one for each sender and tenant', () => {
    const payments = [
      paid(tenant, '0xa', 1),
      paid(tenant, '0xb', 1),
      paid(tenant, '0xa', 2),
      paid(neighbour, '0xa', 1),
      paid(tenant, '0xa', 3),
    ];
    const told = tell(payments);
    expect(told.map(({ routingKey }) => routingKey)).toEqual([
      'chain.txs_observed',
      'chain.tx_observed',
      'chain.tx_observed',
    ]);
    expect(told[0]?.body.data).toMatchObject({
      address: '0xa',
      observed: [{ spent: { nonce: 1 } }, { spent: { nonce: 2 } }, { spent: { nonce: 3 } }],
    });
  });

  it('is told in parts of fifty', () => {
    const payments = Array.from({ length: 101 }, (_, nonce) => paid(tenant, '0xa', nonce));
    expect(kindsOf(payments)).toEqual(['chain.txs_observed', 'chain.txs_observed', 'chain.tx_observed']);
  });

  it('leaves alone a nonce that no watch belongs to, and a watch whose nonce did not change with it', () => {
    const [{ spent }, { watch }] = [paid(tenant, '0xa', 1), paid(tenant, '0xa', 2)];
    const told = tellSpent(messages, seen, { spent: [spent], observed: [watch] });
    expect(told.map(({ routingKey }) => routingKey)).toEqual(['chain.nonce_spent', 'chain.tx_observed']);
  });
});

function kindsOf(payments: readonly Paid[]): string[] {
  return tell(payments).map(({ routingKey }) => routingKey);
}

function tell(payments: readonly Paid[]) {
  return tellSpent(messages, seen, {
    spent: payments.map(({ spent }) => spent),
    observed: payments.map(({ watch }) => watch),
  });
}

interface Paid {
  readonly watch: Watch;
  readonly spent: SpentNonce;
}

let made = 0;

function paid(tenant_id: string, address: string, nonce: number): Paid {
  made += 1;
  const hash = `0x${made.toString(16).padStart(64, '0')}`;
  const place = { tenant_id, chain_id: chainId, depth: 'included', block_height: 10n, block_hash: hash };
  const won = { winner_attempt_id: randomUUID(), winner_tx_hash: hash, winner_success: true };
  const shown = { tx_hash: hash, to_address: '0xc', value: 1n, data: '0x', success: true, tx_type: 2 };
  const terms = { gas_limit: 1n, max_fee_per_gas: 1n, max_priority_fee_per_gas: 1n, attachments: [] };
  return {
    watch: { ...place, ...won, tx_request_id: randomUUID(), version: 2n, winner_fee_paid: 1n },
    spent: { ...place, ...shown, ...terms, address, nonce: BigInt(nonce), version: 1n, fee_paid: 1n },
  };
}
