/** Every status of a change. */
export const CHANGE_STATUSES = [
  'pending',
  'approved',
  'applied',
  'rejected',
  'cancelled',
  'expired',
  'refused',
] as const;
export type ChangeStatus = (typeof CHANGE_STATUSES)[number];

/** As what somebody decides about a change. */
export type ChangeStanding = 'approver' | 'author' | 'stranger' | 'decided';

/** What is asked of a change; `isComplete` says that with this approval the quorum holds. */
export type ChangeCommand =
  | {
      readonly type: 'approve';
      readonly changeHash: string;
      readonly standing: ChangeStanding;
      readonly isComplete: boolean;
    }
  | { readonly type: 'reject'; readonly changeHash: string; readonly standing: ChangeStanding }
  /** The approvals given are enough after all, because somebody counts again. */
  | { readonly type: 'resolveQuorum' }
  | { readonly type: 'cancel'; readonly isAuthor: boolean }
  | { readonly type: 'expire' }
  | { readonly type: 'loseQuorum' }
  | { readonly type: 'apply' }
  | { readonly type: 'refuse' };

/** What happened to a change. */
export type ChangeEvent =
  | 'approval_granted'
  | 'approved'
  | 'quorum_lost'
  | 'rejected'
  | 'cancelled'
  | 'expired'
  | 'applied'
  | 'refused';

/** Why a change takes no command. */
export type ChangeRejection =
  | 'illegal_transition'
  | 'change_mismatch'
  | 'author_cannot_approve'
  | 'not_an_approver'
  | 'already_decided'
  | 'not_the_author'
  | 'too_late'
  | 'not_due';

/** A change as its decisions see it; times in ms since 1970. */
export type ChangeState = {
  readonly status: ChangeStatus;
  readonly changeHash: string;
  readonly expiresAtMs: number;
};

/** What a command leads to, or why to nothing. */
export type ChangeOutcome =
  | { readonly accepted: readonly ChangeEvent[] }
  | { readonly rejected: ChangeRejection };

/** Decides a command; nothing but its time or a person ends a change before its quorum, nothing but its application after. */
export function decideChange(command: ChangeCommand, state: ChangeState, nowMs: number): ChangeOutcome {
  if (state.status !== STATUS_OF_COMMAND[command.type]) return { rejected: 'illegal_transition' };
  const isLate = nowMs >= state.expiresAtMs;
  switch (command.type) {
    case 'approve':
      return objection(command, state, isLate) ?? { accepted: grantedBy(command.isComplete) };
    case 'reject':
      return objection(command, state, isLate) ?? { accepted: ['rejected'] };
    case 'resolveQuorum':
      return isLate ? { rejected: 'too_late' } : { accepted: ['approved'] };
    case 'cancel':
      return command.isAuthor ? { accepted: ['cancelled'] } : { rejected: 'not_the_author' };
    case 'expire':
      return isLate ? { accepted: ['expired'] } : { rejected: 'not_due' };
    default:
      return { accepted: [EVENT_OF_APPLICATION[command.type]] };
  }
}

/** The status after an event. */
export function evolveChange(status: ChangeStatus, event: ChangeEvent): ChangeStatus {
  if (event === 'approval_granted') return status;
  return event === 'quorum_lost' ? 'pending' : event;
}

const STATUS_OF_COMMAND: Readonly<Record<ChangeCommand['type'], ChangeStatus>> = {
  approve: 'pending',
  reject: 'pending',
  resolveQuorum: 'pending',
  cancel: 'pending',
  expire: 'pending',
  loseQuorum: 'approved',
  apply: 'approved',
  refuse: 'approved',
};

const EVENT_OF_APPLICATION = { loseQuorum: 'quorum_lost', apply: 'applied', refuse: 'refused' } as const;

type Decision = Extract<ChangeCommand, { type: 'approve' | 'reject' }>;

function objection(
  { changeHash, standing }: Decision,
  state: ChangeState,
  isLate: boolean,
): { readonly rejected: ChangeRejection } | null {
  if (changeHash !== state.changeHash) return { rejected: 'change_mismatch' };
  if (isLate) return { rejected: 'too_late' };
  const rejected = OBJECTIONS[standing];
  return rejected === null ? null : { rejected };
}

const OBJECTIONS: Readonly<Record<ChangeStanding, ChangeRejection | null>> = {
  approver: null,
  author: 'author_cannot_approve',
  stranger: 'not_an_approver',
  decided: 'already_decided',
};

function grantedBy(isComplete: boolean): ChangeEvent[] {
  return isComplete ? ['approval_granted', 'approved'] : ['approval_granted'];
}
