import { AUDIT_BUGS } from './audit-bugs.ts';
import { type KnownBug, seen, tested } from './known-bug.ts';

/** Every known bug by the name that IRONFORGE_PLANT takes. */
export const KNOWN_BUGS = {
  ack_before_commit: seen(
    'a message is acked before what it leads to is stored',
    { service: 'tx-orchestrator', invariant: 'I7', words: 'never reached tx-orchestrator' },
    {
      file: 'packages/bus/src/consumer.ts',
      find: 'const isDone = await processMessage(',
      put: 'ack(channel, message); await new Promise((go) => setTimeout(go, 400)); const isDone = await processMessage(',
    },
  ),
  relay_marks_before_confirm: seen(
    'messages are marked before the broker has them',
    { service: 'chain-watcher-evm', invariant: 'I7', words: 'never reached' },
    {
      file: 'packages/store/src/outbox/relay.ts',
      find: 'work: async (batch) => marks.add(await publish(deps, batch)),',
      put: `work: async (batch) => { marks.add(batch.map(({ id }) => ({ id, confirmed: true })));
      await new Promise((go) => setTimeout(go, 400)); await publish(deps, batch); },`,
    },
  ),
  confirmed_at_depth_0: seen(
    'a block confirms what it holds',
    { service: 'chain-watcher-evm', invariant: 'I9', words: 'confirmed at height' },
    {
      file: 'packages/chain-core/src/finality.ts',
      find: "return confirmationsOf(height, view.head) >= confirmations ? 'confirmed' : 'included';",
      put: "return 'confirmed';",
    },
  ),
  reorg_not_undone: seen(
    'an undone block keeps its transfers',
    { service: 'chain-watcher-evm', invariant: 'I9', words: 'which is gone' },
    {
      file: 'services/chain-watcher/src/follow/undo-block.ts',
      find: 'const undone = await undoTransactions(tx, chainId, height);',
      put: 'const undone: StoredTransaction[] = [];',
    },
  ),
  receipt_missing_once_is_failure: seen(
    'a transaction whose receipt is missing once counts as failed, at once',
    { service: 'chain-watcher-evm', invariant: 'I1', words: 'is failed (reverted)' },
    {
      file: 'packages/chain-evm/src/block-reader.ts',
      find: 'receipts === null || receipts.length !== transactionsOf(body).length) return null;',
      put: 'receipts === null) return null;',
    },
    {
      file: 'packages/chain-evm/src/block.ts',
      find: "receipt: recordOf(byHash.get(textAt(transaction, 'hash')), 'the receipt of a transaction'),",
      put: `receipt: recordOf(byHash.get(textAt(transaction, 'hash')) ??
      { status: '0x0', gasUsed: '0x0', effectiveGasPrice: '0x0', contractAddress: null, logs: [] }, 'a receipt'),`,
    },
    {
      file: 'services/chain-watcher/src/follow/apply-block.ts',
      find: 'const otherwise = await readAgain(chain, spent);',
      put: 'const otherwise = null;',
    },
  ),
  ...AUDIT_BUGS,
  token_in_log: seen(
    'an access token stands in the log',
    { service: 'gateway', invariant: 'I10', words: 'holds an access token' },
    {
      file: 'services/gateway/src/proxy/forward.ts',
      find: 'xfwd: false,',
      put: "xfwd: false, pathFilter: (_path, { headers }) => { process.stderr.write(headers.authorization + '\\n'); return true; },",
    },
  ),
  key_kept: tested(
    'who is erased keeps his data key',
    {
      file: 'services/identity/src/personal/personal.integration.test.ts',
      test: 'leaves nothing that opens by any key that is left, in a copy of the database neither',
    },
    {
      file: 'services/identity/src/accounts/erase-user.ts',
      find: 'await destroySubjectKey(tx, subjectPlace(user), now);',
      put: '',
    },
  ),
  relay_before_commit: tested(
    'messages are published before the change that they tell is stored',
    {
      file: 'packages/service-kit/src/outbox/outbox.integration.test.ts',
      test: 'nothing is published before the commit or after a rollback',
    },
    {
      file: 'packages/store/src/outbox/create-outbox.ts',
      find: 'added.set(tx, written);',
      put: 'added.set(tx, written); relay.push(written);',
    },
  ),
  no_fence: tested(
    'a signature is taken whoever holds the nonce by now',
    {
      file: 'packages/tx-core/src/request/arrows.test.ts',
      test: 'a holder that never signed takes a new nonce only when its old one is finally spent',
    },
    {
      file: 'packages/tx-core/src/request/decide-signing.ts',
      find: "if (attempt.state === 'displaced' || attempt.fence !== command.slotFence) return 'lease_lost';",
      put: '',
    },
  ),
  nonce_offered_twice: tested(
    'a leased nonce is offered to whoever asks next',
    {
      file: 'packages/tx-core/src/lane/lane.test.ts',
      test: "a running lease and stored bytes are nobody else's",
    },
    {
      file: 'packages/tx-core/src/lane/choose-nonce.ts',
      find: 'return slot.requestId === asker.requestId || isLeaseOver(slot, nowMs);',
      put: 'return true;',
    },
  ),
  gap_ignored: tested(
    'what lies above a gap is sent',
    {
      file: 'packages/tx-core/src/lane/lane.test.ts',
      test: 'sent in nonce order up to the first gap, at most the window',
    },
    {
      file: 'packages/tx-core/src/lane/order.ts',
      find: 'if (slot === undefined || !isSignedOrSpent(slot)) return sendable;',
      put: 'if (slot === undefined || !isSignedOrSpent(slot)) continue;',
    },
  ),
  approver_counted_twice: tested(
    'one person fills two places of a quorum',
    {
      file: 'packages/tx-core/src/policy/policy.test.ts',
      test: 'one person counts once, also when in two groups',
    },
    {
      file: 'packages/tx-core/src/policy/quorum.ts',
      find: 'const people = [...new Set(approverIds)];',
      put: 'const people = [...approverIds];',
    },
  ),
  initiator_counts: tested(
    'who asked may approve',
    {
      file: 'packages/tx-core/src/policy/policy.test.ts',
      test: 'the initiator, the suspended and the double do not count',
    },
    {
      file: 'packages/tx-core/src/policy/quorum.ts',
      find: 'activeIds.has(id) && !initiatorIds.includes(id)',
      put: 'activeIds.has(id) && initiatorIds.length >= 0',
    },
  ),
  ceiling_not_checked: tested(
    'signed bytes may cost more than was approved',
    {
      file: 'packages/chain-evm/src/verify.test.ts',
      test: 'names the field when the signer changed: a fee above the ceiling',
    },
    {
      file: 'packages/chain-evm/src/verify.ts',
      find: 'return gasLimit * maxFeePerGas <= ceiling;',
      put: 'return ceiling >= 0n;',
    },
  ),
  version_check_off: tested(
    'a change is stored although another came in between',
    {
      file: 'services/tx-orchestrator/src/queries/tx-transitions.integration.test.ts',
      test: 'a change that was decided on an older version is refused',
    },
    {
      file: 'services/tx-orchestrator/src/queries/tx-transitions.ts',
      find: 'WHERE tenant_id = :tenantId AND id = :id AND version = :fromVersion',
      put: 'WHERE tenant_id = :tenantId AND id = :id AND version >= LEAST(0, :fromVersion)',
    },
  ),
  inbox_off: tested(
    'a message that came before is handled again',
    {
      file: 'packages/service-kit/src/consume/consume.integration.test.ts',
      test: 'handles each event once, however often it is delivered',
    },
    {
      file: 'packages/store/src/inbox.ts',
      find: 'insert(entries.map(rowOf)));',
      put: "insert(entries.map(rowOf)).onConflict(['consumer', 'message_id']).ignore());",
    },
  ),
  idempotency_off: tested(
    'a call under a known key is carried out again',
    {
      file: 'packages/store/src/idempotency.integration.test.ts',
      test: 'the same call later gives the same answer and no second effect',
    },
    {
      file: 'packages/store/src/idempotency.ts',
      find: "if (await claim(tx, call)) return { state: 'first' };",
      put: "await claim(tx, call); if (call.key !== '') return { state: 'first' };",
    },
  ),
  tenant_filter_removed: tested(
    "a query finds another tenant's request",
    {
      file: 'services/tx-orchestrator/src/walls.integration.test.ts',
      test: 'finds no request to',
    },
    {
      file: 'services/tx-orchestrator/src/queries/tx-requests.ts',
      find: 'const query = selectRequests(tx).where({ tenant_id: tenantId, id });',
      put: 'const query = selectRequests(tx).where({ id });',
    },
  ),
} as const satisfies Readonly<Record<string, KnownBug>>;

/** The name of a known bug. */
export type KnownBugName = keyof typeof KNOWN_BUGS;
