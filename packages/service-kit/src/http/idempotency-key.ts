import { createHash } from 'node:crypto';
import { appError, type Route } from '@ironforge/contracts';
import { present } from '@ironforge/kernel';
import canonicalize from 'canonicalize';
import type { Request } from 'express';
import type { Caller } from '../internal/caller.ts';
import type { IdempotencyClaim } from './route.ts';

const KEY = /^[\x21-\x7e]{1,255}$/;

/**
 * The claim that an `Idempotency-Key` makes, scoped to tenant, principal and route; null without a key, or where none is taken.
 * Throws `idempotency_key_required` where the route needs one, `invalid_header` for a key that is empty, longer than 255 or not ASCII.
 */
export function readIdempotencyKey(route: Route, caller: Caller, request: Request): IdempotencyClaim | null {
  if (route.idempotency === 'none' || caller.kind !== 'user') return null;
  const key = request.get('idempotency-key');
  if (key === undefined) {
    if (route.idempotency === 'required') throw appError('idempotency_key_required');
    return null;
  }
  if (!KEY.test(key))
    throw appError('invalid_header', { detail: 'Idempotency-Key: 1 to 255 visible ASCII characters' });
  return {
    tenantId: caller.tenantId,
    principalId: caller.userId,
    route: `${route.method} ${route.path}`,
    key,
    bodyHash: hashOf(request),
  };
}

function hashOf(request: Request): string {
  const body: unknown = request.body;
  const text = canonicalize({ params: request.params, query: { ...request.query }, body });
  return createHash('sha256').update(present(text, 'canonical JSON')).digest('hex');
}
