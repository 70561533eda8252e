import { randomUUID } from 'node:crypto';
import { connect } from 'amqplib';
import { chain, environment } from '../../world/environment.ts';
import { rateOf } from '../raw/clock.ts';

const WINDOW = 100;
const ADDRESS = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const HASH = `0x${'ab'.repeat(32)}`;

/** Puts so many events of a tenant that nobody knows, each of a request of its own, into the queue of the audit service. */
export async function publishAuditEvents(tenantId: string, count: number): Promise<void> {
  const connection = await connect(environment.amqpUrl);
  try {
    const channel = await connection.createConfirmChannel();
    await rateOf({ count, workers: WINDOW }, async () => {
      await new Promise<void>((resolve, reject) => {
        const settle = (error: unknown) =>
          error === null ? resolve() : reject(new Error('not confirmed', { cause: error }));
        const [id, body] = eventOf(tenantId);
        const options = { messageId: id, persistent: true, mandatory: true, contentType: 'application/json' };
        channel.publish('', 'audit', body, options, settle);
      });
    });
  } finally {
    await connection.close();
  }
}

function eventOf(tenantId: string): [id: string, body: Buffer] {
  const [id, request] = [randomUUID(), requestOf(randomUUID())];
  const event = {
    ...{ specversion: '1.0', id, type: 'tx_request.created', source: 'bench', subject: request.id },
    ...{ time: new Date().toISOString(), datacontenttype: 'application/json', tenantid: tenantId },
    ...{ aggregateversion: 1, actortype: 'user', actorid: request.createdBy, requestid: randomUUID() },
    data: { request, details: {} },
  };
  return [id, Buffer.from(JSON.stringify(event))];
}

function requestOf(id: string) {
  const assetId = `${chain.chainId}/slip44:60`;
  return {
    ...{ id, walletId: randomUUID(), chainId: chain.chainId, from: ADDRESS, to: ADDRESS, assetId },
    ...{ amount: '1000000000000000000', feeCeiling: '21000000000000', feeAssetId: assetId, intentHash: HASH },
    ...{ status: 'approved', reason: null, txHash: null, blockHeight: null, clientReference: null },
    ...{ createdBy: randomUUID(), version: 1 },
  };
}
