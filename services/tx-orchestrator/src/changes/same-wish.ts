import { isDeepStrictEqual } from 'node:util';
import type { ChangeSubject } from '@ironforge/contracts';

/** True when both subjects are the same wish, though they were made at other times: with other new ids, on another base. */
export function isSameWish(one: ChangeSubject, other: ChangeSubject): boolean {
  return isDeepStrictEqual(wishOf(one), wishOf(other));
}

/** What was asked for, without what the service that asks has added of its own. */
function wishOf(subject: ChangeSubject): object {
  const { base: _present, ...wish } = { base: null, ...subject };
  if (wish.kind === 'create_wallet') return { ...wish, walletId: null };
  // A user who is there already is changed by a call that has no key, and so a new id each time.
  return wish.kind === 'update_user' ? { ...wish, userId: null } : wish;
}
