export { changeApprovalText, paymentApprovalText } from './approval-text.ts';
export { canonicalChange, changeHash } from './change/change-hash.ts';
export type { Voters } from './change/changeable.ts';
export { isChangeable } from './change/changeable.ts';
export type {
  ChangeCommand,
  ChangeEvent,
  ChangeOutcome,
  ChangeRejection,
  ChangeStanding,
  ChangeState,
  ChangeStatus,
} from './change/decide-change.ts';
export { CHANGE_STATUSES, decideChange, evolveChange } from './change/decide-change.ts';
export type { UserRights, UserStep, WalletMarks, Watched } from './change/needs-quorum.ts';
export { isDecider, userNeedsQuorum, walletNeedsQuorum, watchedBy } from './change/needs-quorum.ts';
export type { ChangeGroup, Electorate } from './change/quorum-of-change.ts';
export { groupsOf, quorumOfChange, stepUpOfChange } from './change/quorum-of-change.ts';
export type { AttemptTerms, GapFill, Intent } from './intent.ts';
export { canonicalIntent, gapFillIntent, intentHash, intentOfAttempt } from './intent.ts';
export type { Effect, Holder } from './lane/adoption.ts';
export type { Asker, Choice, Lane } from './lane/choose-nonce.ts';
export { chooseNonce } from './lane/choose-nonce.ts';
export type { OfferedTerms, Terms } from './lane/differences.ts';
export { differencesOf } from './lane/differences.ts';
export { minedCountAfter, recounted } from './lane/mined-count.ts';
export { isNext, openGaps, SEND_WINDOW, sendableSlots } from './lane/order.ts';
export type { Settlement, SpentNonce } from './lane/settle.ts';
export { settleNonce } from './lane/settle.ts';
export type { Lease, Slot } from './lane/slot.ts';
export {
  freedSlot,
  isLeaseOver,
  offeredSlot,
  signedSlot,
  spentSlot,
  unspentSlot,
} from './lane/slot.ts';
export type { Ask } from './policy/ask-both.ts';
export { askBoth } from './policy/ask-both.ts';
export type { Mismatch, PolicyDecision, WindowRule } from './policy/evaluate.ts';
export { evaluatePolicy, isLimitReached, windowsInPlay } from './policy/evaluate.ts';
export type { AssetPrice, FiatRange } from './policy/fiat.ts';
export { FIAT_DECIMALS, formatFiat, freshPrice, parseFiat, worthOf } from './policy/fiat.ts';
export { takenOf, unitOf } from './policy/measure.ts';
export type { GroupStatus, QuorumStatus, ResolvedGroup } from './policy/quorum.ts';
export { countingApprovers, presentGroups, quorumStatus } from './policy/quorum.ts';
export type {
  Conditions,
  Effect as RuleEffect,
  Group,
  Initiators,
  PolicyFacts,
  Rule,
} from './policy/rule.ts';
export { strictestStepUp } from './policy/step-up.ts';
export type { TimeOfDay } from './policy/time-of-day.ts';
export type {
  Command,
  CommandOf,
  Denial,
  Facts,
  MinedTx,
  NodeRefusal,
  PolicyVerdict,
  Standing,
} from './request/command.ts';
export { decide } from './request/decide.ts';
export type { Event, EventOf, EventType } from './request/event.ts';
export { evolve, fold } from './request/evolve.ts';
export type { Outcome, Rejection } from './request/outcome.ts';
export { prevailing } from './request/sighting.ts';
export type { Attempt, TxRequest } from './request/state.ts';
export {
  awaitsFirstSending,
  hasSignature,
  highestCeiling,
  initialState,
  isTakenBack,
  isTooLate,
  isUndecided,
  newestSigned,
  openOffer,
} from './request/state.ts';
export type { AttemptKind, AttemptState, Depth, Reason, Status } from './request/status.ts';
export { REASONS, STATUSES } from './request/status.ts';
export type { Hold, LedgerChange } from './spending/hold.ts';
export { holdAfter, ledgerChange, movesHold, statusesPassed } from './spending/hold.ts';
export type { Ledger, SpendingWindow } from './spending/window.ts';
export { bucketAt, fits, oldestBucket, spentAt } from './spending/window.ts';
