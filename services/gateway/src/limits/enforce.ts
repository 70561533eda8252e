import { appError } from '@ironforge/contracts';
import type { Response } from 'express';
import { type NamedAllowance, rateLimitHeaders, secondsOf } from './rate-limit-headers.ts';

/** Tells the client where it stands, with what was told before, and throws `rate_limited` when any limit is used up. */
export function enforce(response: Response, allowances: readonly NamedAllowance[]): void {
  for (const [name, value] of Object.entries(rateLimitHeaders(allowances))) {
    const before = response.getHeader(name);
    response.setHeader(name, before === undefined ? value : `${String(before)}, ${value}`);
  }
  const refused = allowances.filter((one) => !one.allowed);
  if (refused.length === 0) return;
  const retryAfterSeconds = Math.max(...refused.map(secondsOf));
  const detail = `limit reached: ${refused.map((one) => one.name).join(', ')}`;
  throw appError('rate_limited', { detail, retry: 'later', retryAfterSeconds });
}
