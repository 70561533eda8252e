import { appError } from '@ironforge/contracts';
import { type Ask, askBoth } from '@ironforge/tx-core';
import type { Judgement } from './judge.ts';

/**
 * What both of two judgements by one policy let through; when both ask people, the people of both. Throws
 * `illegal_transition` when that is more than one rule may ask for.
 */
export function stricterOf(one: Judgement, other: Judgement): Judgement {
  const [ours, theirs] = [askOf(one), askOf(other)];
  if (ours === null || theirs === null)
    return STRICTNESS[other.verdict.effect] >= STRICTNESS[one.verdict.effect] ? other : one;
  const both = askBoth(ours, theirs);
  if (both === null) throw appError('illegal_transition', { detail: TOO_MANY });
  const { timeoutMs, ...asked } = both;
  return { ...other, ...asked, verdict: { effect: 'require_approvals', timeoutMs } };
}

const STRICTNESS = { allow: 0, require_approvals: 1, deny: 2 };
const TOO_MANY = 'the rules of who submitted it and of who asks now want more groups than one rule may name';

/** Null when nobody is asked. */
function askOf({ verdict, alternatives, stepUp, rejection }: Judgement): Ask | null {
  if (verdict.effect !== 'require_approvals') return null;
  return { timeoutMs: verdict.timeoutMs, alternatives, stepUp, rejection };
}
