import type { Allowance } from '@ironforge/cache';

/** What one limit says about a request. */
export interface NamedAllowance extends Allowance {
  readonly name: string;
  readonly windowSeconds: number;
}

/** `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10) of every limit that was asked. */
export function rateLimitHeaders(allowances: readonly NamedAllowance[]): Record<string, string> {
  return {
    'RateLimit-Policy': allowances
      .map((one) => `"${one.name}";q=${one.limit};w=${one.windowSeconds}`)
      .join(', '),
    RateLimit: allowances.map((one) => `"${one.name}";r=${one.remaining};t=${secondsOf(one)}`).join(', '),
  };
}

/** Whole seconds until a limit starts anew. */
export function secondsOf({ resetMs }: Pick<Allowance, 'resetMs'>): number {
  return Math.ceil(resetMs / 1000);
}
