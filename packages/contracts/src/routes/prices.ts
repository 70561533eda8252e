import { z } from 'zod';
import { assetPrice, currency, fiatAmount } from '../fiat.ts';
import { route } from '../route.ts';
import { assetId, nameText, page, pageOf, utcTime, uuid } from '../scalars.ts';

const service = 'tx-orchestrator';

const observed = z.strictObject({
  assetId,
  currency,
  price: fiatAmount.describe('of one whole unit of the asset, above 0'),
  decimals: z
    .int()
    .min(0)
    .max(77)
    .describe(
      'that the asset has for its source: with others in the list of assets the price does not count',
    ),
  source: nameText(100),
  observedAt: utcTime,
});

const standing = assetPrice.extend({ assetId, receivedAt: utcTime, id: uuid });

/** What assets cost, for rules over fiat amounts. */
export const priceRoutes = {
  pushPrices: route({
    method: 'POST',
    path: '/v1/prices',
    service,
    access: 'prices:write',
    summary: 'Say what assets cost; an older observation of one’s own replaces no newer one',
    body: z.strictObject({ prices: z.array(observed).min(1).max(200) }),
    reply: z.object({ data: z.array(standing) }),
    idempotency: 'optional',
  }),
  listPrices: route({
    method: 'GET',
    path: '/v1/prices',
    service,
    access: 'policies:read',
    summary: 'The prices that rules may look at, the newest of each who pushes any',
    query: z.strictObject({ ...page, assetId: assetId.optional() }),
    reply: pageOf(standing),
  }),
} as const;
