import type { CrashPointName } from '@ironforge/testing';
import { changePolicy, changeUser, changeWallet } from './changes.ts';
import type { Errand } from './errand.ts';
import { comeTooEarly, fail, leaveBehind, poison } from './messages.ts';
import { loseBytes, readWrongly, undoBlocks } from './nodes.ts';
import { adopt, backfill, leaveGap, leaveUnsent, letExpire, replace } from './payments.ts';

/** What leads to the crash points that payments alone do not lead to. */
export const ERRANDS: { readonly [Point in CrashPointName]?: Errand } = {
  'outbox.published': changeUser,
  'user_change.asked': changeUser,
  'user_change.noted': changeUser,
  'user_change.committed': changeUser,
  'answer.written': changeWallet,
  'wallet_change.asked': changeWallet,
  'wallet_change.noted': changeWallet,
  'wallet_change.committed': changeWallet,
  'change.proposed': changeWallet,
  'change.decided': changeWallet,
  'change.handed_over': changeWallet,
  'change.done': changeWallet,
  'change.applied': changeWallet,
  'policy.written': changePolicy,
  'replacement.written': replace,
  'replacement.committed': replace,
  'replacement.leased': replace,
  'adoption.written': adopt,
  'gap.written': leaveGap,
  'gap.filled': leaveGap,
  'expiry.committed': letExpire,
  'resending.committed': leaveUnsent,
  'asking.committed': loseBytes,
  'stuck.committed': loseBytes,
  'undo.written': undoBlocks,
  'undo.committed': undoBlocks,
  'balance.read': undoBlocks,
  'correction.written': readWrongly,
  'correction.committed': readWrongly,
  'backfill.written': backfill,
  'backfill.committed': backfill,
  'outbox.claimed': leaveBehind,
  'message.retried': fail,
  'message.postponed': comeTooEarly,
  'message.dead': poison,
};
