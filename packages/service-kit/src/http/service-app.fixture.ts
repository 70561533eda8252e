import { generateKeyPairSync } from 'node:crypto';
import { type Access, route } from '@ironforge/contracts';
import { branded, type TenantId, type UserId } from '@ironforge/kernel';
import { createCollectingLogger } from '@ironforge/testing';
import { z } from 'zod';
import type { UserCaller } from '../internal/caller.ts';
import { createTokenIssuer } from '../internal/internal-token.ts';
import { internalJwks, signingKey, type SigningKey } from '../internal/keys.ts';
import { createMetrics } from '../observe/metrics.ts';
import type { BoundRoute } from './bind.ts';
import type { Listening } from './listen.ts';
import { serveRoutes } from './serve-routes.ts';

/** The service that the tests call. */
export const AUDIENCE = 'wallet-registry';

/** What the service under test has logged. */
export const log = createCollectingLogger();

/** A person with the given permissions. */
export function person(...permissions: string[]): UserCaller {
  return {
    kind: 'user',
    tenantId: branded<TenantId>('5b0f3a52-6f0a-4a6e-9d1b-0a1b2c3d4e5f'),
    userId: branded<UserId>('0c9d8e7f-1a2b-4c3d-8e9f-a0b1c2d3e4f5'),
    apiKeyId: null,
    sessionId: null,
    roles: [],
    permissions,
  };
}

/** A route of the test's own. */
export function testRoute<B extends z.ZodType>(access: Access, body: B) {
  return route({
    method: 'POST',
    path: '/v1/things/{id}',
    service: AUDIENCE,
    access,
    summary: 'A route of a test',
    params: z.strictObject({ id: z.uuid() }),
    query: z.strictObject({ limit: z.coerce.number().int().optional() }),
    body,
    reply: z.strictObject({ ok: z.boolean() }),
    idempotency: 'optional',
  });
}

const keys = { gateway: newKey('gateway'), audit: newKey('audit'), stranger: newKey('gateway') };

/** Issue tokens as the gateway, as another service, and as somebody who only says he is the gateway. */
export const issuers = {
  gateway: createTokenIssuer(keys.gateway, clock),
  audit: createTokenIssuer(keys.audit, clock),
  stranger: createTokenIssuer(keys.stranger, clock),
};

/** Issues tokens as a gateway whose clock is a minute ahead. */
export const lateIssuer = createTokenIssuer(keys.gateway, () => new Date(Date.now() + 60_000));

/** Starts a service with these routes on loopback; it knows the keys of gateway and audit. */
export async function startTestService(routes: readonly BoundRoute[]): Promise<Listening> {
  return await serveRoutes({
    service: AUDIENCE,
    config: {
      PORT: 0,
      HOST: '127.0.0.1',
      NODE_ENV: 'test',
      INTERNAL_JWKS: internalJwks.parse({ keys: [keys.gateway, keys.audit] }),
    },
    routes,
    checks: { nothing: async () => {} },
    metrics: createMetrics(AUDIENCE),
    log,
    clock,
  });
}

function clock(): Date {
  return new Date();
}

function newKey(kid: string): SigningKey {
  const { privateKey } = generateKeyPairSync('ed25519');
  return signingKey.parse({ ...privateKey.export({ format: 'jwk' }), kid });
}
