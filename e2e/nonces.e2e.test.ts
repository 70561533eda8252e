import { ROUTES } from '@ironforge/contracts';
import { expect, it } from 'vitest';
import { insist } from './faults/insist.ts';
import { environment } from './world/environment.ts';
import {
  allowAll,
  askToPay,
  openWallet,
  type Request,
  signAndSubmit,
  takePayload,
  untilStatus,
} from './world/payment.ts';
import { minedCount } from './world/node.ts';
import { foundTenant } from './world/tenant.ts';
import { present } from './world/present.ts';

const COUNT = 200;
/** What is only prepared is made without haste. */
const AT_A_TIME = 10;

it(`gives ${COUNT} payloads of one address, asked for at once, ${COUNT} nonces without a gap`, async ({
  annotate,
}) => {
  const tenant = await foundTenant();
  await allowAll(tenant);
  const wallet = await openWallet(tenant);
  const requests: Request[] = [];
  for (let made = 0; made < COUNT; made += AT_A_TIME) {
    const some = Array.from({ length: AT_A_TIME }, () => askToPay(tenant.operator, wallet));
    requests.push(...(await Promise.all(some)));
  }
  const retriesBefore = await databaseRetries();

  // All at once may be more than a slow machine answers in time: then a client asks again, and gets the same.
  const payloads = await Promise.all(
    requests.map(({ id }) =>
      insist(tenant.signer, ROUTES.createSigningPayload, { params: { id }, body: {} }),
    ),
  );

  const nonces = payloads.map(({ evm }) => evm.nonce).toSorted((a, b) => a - b);
  expect(nonces).toEqual(Array.from({ length: COUNT }, (_, nonce) => nonce));
  expect(new Set(payloads.map(({ leaseId }) => leaseId)).size).toBe(COUNT);
  await annotate(`database retries for ${COUNT} nonces: ${(await databaseRetries()) - retriesBefore}`);

  const again = await Promise.all(
    requests.slice(0, 20).map((request) => takePayload(tenant.signer, request)),
  );
  expect(again).toEqual(payloads.slice(0, 20));

  const first = payloads.toSorted((a, b) => a.evm.nonce - b.evm.nonce).slice(0, 20);
  const signed = first.toReversed().map(({ transactionId }) => ({ id: transactionId }));
  await Promise.all(signed.map((request) => signAndSubmit(tenant.signer, request, wallet.key)));
  await Promise.all(signed.map((request) => untilStatus(tenant.operator, request, 'confirmed')));
  expect(await minedCount(wallet.address)).toBe(20);
});

/** How often the orchestrator's transactions were repeated, from its metrics. */
async function databaseRetries(): Promise<number> {
  const { url } = present(
    environment.services.find(({ name }) => name === 'tx-orchestrator'),
    'the orchestrator',
  );
  const text = await (await fetch(`${url}/metrics`)).text();
  const lines = text.split('\n').filter((line) => /^\w*retries\w*(\{.*\})? /.test(line));
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}
