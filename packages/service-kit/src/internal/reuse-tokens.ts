import { INTERNAL_TOKEN_SECONDS } from './claims.ts';
import type { IssueInternalToken } from './internal-token.ts';
import { createKept } from './kept.ts';

const REUSED_FOR_MS = (INTERNAL_TOKEN_SECONDS * 1000) / 2;

/**
 * Issues one token for each service and caller with exactly these rights, and gives it out again for half its life, so that
 * not every call costs a signature. Whose rights changed is another caller.
 */
export function reuseTokens(issue: IssueInternalToken): IssueInternalToken {
  const kept = createKept<{ readonly token: string; readonly until: number }>();
  return async (audience, caller) => {
    const name = JSON.stringify([audience, caller]);
    const known = kept.get(name);
    if (known !== undefined && performance.now() < known.until) return known.token;
    const token = await issue(audience, caller);
    kept.set(name, { token, until: performance.now() + REUSED_FOR_MS });
    return token;
  };
}
