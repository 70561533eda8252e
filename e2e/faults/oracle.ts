import { type ReplyOf, ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { expect } from 'vitest';
import { askNode, balanceOf, minedCount } from '../world/node.ts';
import type { Request } from '../world/payment.ts';
import { present } from '../world/present.ts';
import type { Tenant } from '../world/tenant.ts';
import type { Flight } from './flight.ts';

type Entry = ReplyOf<(typeof ROUTES)['getAuditEntry']>;

/** Asks chain, API and audit log whether everything happened exactly once: nothing lost, nothing twice, nothing out of order. */
export async function expectExactlyOnce(flight: Flight, requests: readonly Request[]): Promise<void> {
  const asked = await flight.signed;
  expect(idsOf(requests)).toEqual(idsOf(asked));
  await Promise.all(requests.map(expectPaidOnce));
  for (const { address } of flight.wallets) {
    const own = requests.filter(({ from }) => from === address);
    expect(await minedCount(address)).toBe(own.length);
    expect(own.map(nonceOf).toSorted((a, b) => a - b)).toEqual(own.map((_, nonce) => nonce));
  }
  await expectRecorded(flight.tenant);
}

function idsOf(requests: readonly Request[]): readonly string[] {
  return requests.map(({ id }) => id).toSorted();
}

/** Each request has an address of its own, so what that holds tells how often it was paid. */
async function expectPaidOnce(request: Request): Promise<void> {
  const received = String(await balanceOf(request.to));
  expect({ id: request.id, received }).toEqual({ id: request.id, received: request.amount });
  expect(request.attempts.filter(({ state }) => state === 'mined')).toHaveLength(1);
  const receipt = await askNode('eth_getTransactionReceipt', request.txHash);
  expect(receipt).toMatchObject({ status: '0x1', blockHash: request.blockHash });
}

function nonceOf({ attempts }: Request): number {
  return present(
    attempts.find(({ state }) => state === 'mined'),
    'the mined attempt',
  ).nonce;
}

/** Every version of every request has exactly one audit entry, in order, and the log has no hole. */
async function expectRecorded(tenant: Tenant): Promise<void> {
  await waitUntil('the audit log has caught up', async () => {
    const { data } = await tenant.operator.call(ROUTES.listTransactions, { query: { limit: 200 } });
    const entries = await allEntries(tenant);
    expect(entries.map(({ sequence }) => sequence)).toEqual(entries.map((_, index) => index + 1));
    for (const { id, version } of data) {
      const told = entries.filter(
        ({ resourceId, type }) => resourceId === id && !type.startsWith('security_'),
      );
      const versions = Array.from({ length: version }, (_, index) => index + 1);
      expect(told.map(({ details }) => details)).toMatchObject(
        versions.map((v) => ({ request: { version: v } })),
      );
    }
    return true;
  });
}

async function allEntries({ compliance }: Tenant): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  let cursor: string | undefined;
  do {
    const page = await compliance.call(ROUTES.listAuditEntries, { query: { limit: 200, cursor } });
    entries.push(...page.data);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return entries;
}
