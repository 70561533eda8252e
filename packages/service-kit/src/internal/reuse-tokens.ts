import { INTERNAL_TOKEN_SECONDS } from './claims.ts';

/** Gives a token for a called service. */
type TokenFor = (audience: string) => Promise<string>;

const REUSED_FOR_MS = (INTERNAL_TOKEN_SECONDS * 1000) / 2;

/** Issues one token per called service and gives it out again for half its life, so that not every call costs a signature. */
export function reuseTokens(issue: TokenFor): TokenFor {
  const kept = new Map<string, { readonly token: string; readonly until: number }>();
  return async (audience) => {
    const known = kept.get(audience);
    if (known !== undefined && performance.now() < known.until) return known.token;
    const token = await issue(audience);
    kept.set(audience, { token, until: performance.now() + REUSED_FOR_MS });
    return token;
  };
}
