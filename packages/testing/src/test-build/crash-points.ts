/**
 * Every crash point: a step between two effects at which a process can be made to end at once, as by a power cut; by the
 * program that comes there and the name that CRASH_AT takes, with what has happened by then and what has not. An effect is a
 * commit, a publish, an ack, an answer, a call to a neighbour or to a node, and within a transaction each row of another kind.
 * What several programs do by the same lines is tried in one of them. A run of the fault rows comes to every point.
 */
export const CRASH_POINTS = {
  identity: {
    'outbox.published': 'the broker has confirmed messages; they are not marked',
    'user_change.asked': 'a change of a user is proposed; the user is not stored',
    'user_change.noted': 'an approved change of a user is taken in; it is not done',
    'user_change.committed': 'an approved change of a user is done; the orchestrator has no answer',
  },
  'wallet-registry': {
    'outbox.committed': 'messages are stored; none is published',
    'inbox.written': 'the inbox has the message; the effect is not written',
    'message.handled': 'effect and inbox are stored; the message is not acked',
    'answer.written': 'what was asked for is written; the answer under its key is not',
    'wallet_change.asked': 'a change of a wallet is proposed; its author has no answer',
    'wallet_change.noted': 'an approved change of a wallet is taken in; it is not done',
    'wallet_change.committed': 'an approved change of a wallet is done; the orchestrator has no answer',
    'outbox.claimed': 'a sweep has claimed what a crash left behind; none of it is published',
  },
  'tx-orchestrator': {
    'request.committed': 'a request is stored; its caller has no answer',
    'approval.committed': 'an approval is stored; its giver has no answer',
    'slot.written': 'nonce and lease are written; the request does not know them',
    'payload.committed': 'a payload is leased; the signer has no answer',
    'signature.written': 'signed bytes are written; their nonce is not marked',
    'dispatch.written': 'requests are marked as sent; the commands to send them are not written',
    'signature.committed': 'signed bytes are stored; the signer has no answer',
    'transition.written': 'a transition is written; its messages are not',
    'nonce.settled': 'the holders of a spent nonce know it; the slot does not',
    'news.heard': 'requests and slots have the news; the lane has not',
    'change.proposed': 'a change is stored; the service that proposed it has no answer',
    'change.decided': 'a decision on a change is stored; what it completes is not applied',
    'change.handed_over': 'a change is noted as handed over; its owner was not asked',
    'change.done': 'the owner has done a change; it is not settled',
    'change.applied': 'changes are applied; who decided has no answer',
    'policy.written': 'a policy is written; the change that asked for it is not settled',
    'expiry.committed': 'a sweep has ended what is overdue of one tenant; of the next it has not',
    'replacement.written': 'a request has a replacement; the attempt has no row',
    'replacement.committed': 'a replacement is stored; who asked for it has no answer',
    'replacement.leased': 'a replacement has fees and a lease; its slot does not know them',
    'adoption.written': 'a request has adopted a transaction; the attempt has no row',
    'gap.written': 'the task for a gap is written; nobody is told of the gap',
    'gap.filled': 'a nonce is signed for; the task that was to fill it is open',
    'resending.committed': 'a sweep has had the bytes of one lane sent again; those of the next it has not',
    'asking.committed': 'a sweep has asked anew about one request; about the next it has not',
    'stuck.committed': 'a sweep has called one payment stuck; the next it has not',
  },
  'chain-watcher-evm': {
    'watch.stored': 'bytes are watched for; they are not sent',
    'broadcast.sent': 'bytes are sent; that is not recorded',
    'block.read': 'a block is read; nothing of it is written',
    'block.written': 'the cursor is moved; what the block did is not written',
    'block.committed': 'a block is recorded; nothing of it is published',
    'undo.written': 'a block is taken off; what it did is not taken back',
    'undo.committed': 'one block of a reorg is undone; the next is not',
    'balance.read': 'balances are read anew; they are not told',
    'correction.written': 'what a block showed is taken back; what it shows in truth is not written',
    'correction.committed': 'a block that was read wrongly is corrected; the one above it is not written',
    'backfill.written': 'a backfill is marked as further; what the older blocks hold is not written',
    'backfill.committed': 'one turn of a backfill is stored; the next is not',
    'sweep.written': 'a sweep is marked as further; the differences that it found are not booked',
    'sweep.committed': 'one turn of a sweep is stored; the sweep is not finished',
    'message.retried': 'the delayed copy of a message is published; the message is not acked',
    'message.postponed': 'the copy of a message that waits alone is published; the message is not acked',
  },
  audit: {
    'message.consumed': 'a message is in hand; nothing came of it',
    'entries.written': 'entries are written, with their numbers or without; nothing is committed',
    'entries.committed': 'entries are stored; their messages are not acked',
    'numbers.written': 'a batch has its numbers; nothing of it is written',
    'numbers.committed': 'a batch is numbered and committed; nobody has heard of it',
    'message.dead': 'a message lies in the dead queue; it is not acked',
  },
  'ironforge queues replay': {
    'letter.replayed': 'a dead letter is published again; it is not removed from the dead queue',
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, string>>>>;

type Programs = typeof CRASH_POINTS;

/** The name of a crash point. */
export type CrashPointName = { readonly [P in keyof Programs]: keyof Programs[P] }[keyof Programs];
