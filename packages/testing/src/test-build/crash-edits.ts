import type { CrashPointName } from './crash-points.ts';
import type { Edit } from './edit.ts';

const BUS = 'packages/bus/src';
const OUTBOX = 'packages/store/src/outbox';
const KIT = 'packages/service-kit/src';
const IDENTITY = 'services/identity/src';
const REGISTRY = 'services/wallet-registry/src';
const ORCHESTRATOR = 'services/tx-orchestrator/src';
const WATCHER = 'services/chain-watcher/src';
const AUDIT = 'services/audit/src';

const CRASH = 'crashHere();';
/** Once the database has what was sent to it without waiting. */
const WHEN_WRITTEN = `await tx.raw('SELECT 1'); ${CRASH}`;
/** Once the transaction is stored. */
const WHEN_STORED = 'tx.afterCommit(crashHere);';
const ASK_FOR_CHANGE = 'return (await call(INTERNAL_ROUTES.proposeChange, { body, requestId })).change;';
const ASK_AND_CRASH = `const { change } = await call(INTERNAL_ROUTES.proposeChange, { body, requestId }); ${CRASH} return change;`;

/** Where each crash point stands. */
export const CRASH_EDITS: Readonly<Record<CrashPointName, Edit>> = {
  // identity
  'outbox.published': {
    file: `${OUTBOX}/relay.ts`,
    find: 'work: (outcomes) => settle(deps, outcomes),',
    put: 'work: async (outcomes) => { crashHere(); await settle(deps, outcomes); },',
  },
  'user_change.asked': {
    file: `${KIT}/internal/ask-change.ts`,
    find: ASK_FOR_CHANGE,
    put: ASK_AND_CRASH,
  },
  'user_change.noted': before(`${IDENTITY}/routes/apply-user-change.ts`, 'const outcome = await apply('),
  'user_change.committed': before(
    `${IDENTITY}/routes/apply-user-change.ts`,
    'return { status: 200, body: {} };',
  ),

  // wallet-registry
  'outbox.committed': {
    file: `${OUTBOX}/create-outbox.ts`,
    find: 'tx.afterCommit(() => relay.push(written));',
    put: 'tx.afterCommit(() => { crashHere(); relay.push(written); });',
  },
  'inbox.written': after(`${KIT}/consume/record-effect.ts`, 'takeIn(tx, entry);', WHEN_WRITTEN),
  'message.handled': {
    file: `${BUS}/consumer.ts`,
    find: 'if (isDone && !lost.aborted) ack(channel, message);',
    put: 'if (isDone && !lost.aborted) { crashHere(); ack(channel, message); }',
  },
  'answer.written': before(`${KIT}/http/answer-once.ts`, 'finishIdempotent(tx, claim,', WHEN_WRITTEN),
  'wallet_change.asked': {
    file: `${KIT}/internal/ask-change.ts`,
    find: ASK_FOR_CHANGE,
    put: ASK_AND_CRASH,
  },
  'wallet_change.noted': before(`${REGISTRY}/routes/apply-wallet-change.ts`, 'if (isNew) await apply('),
  'wallet_change.committed': before(
    `${REGISTRY}/routes/apply-wallet-change.ts`,
    'return { status: 200, body: {} };',
  ),
  'outbox.claimed': after(
    `${OUTBOX}/sweeper.ts`,
    'let batch = await claim(deps, options);',
    `if (batch.length > 0) ${CRASH}`,
  ),

  // tx-orchestrator
  'request.committed': after(
    `${ORCHESTRATOR}/routes/create-transaction.ts`,
    'const answer = askThenAnswerOnce(once, ask, async (tx, wish) => {',
    WHEN_STORED,
  ),
  'approval.committed': before(
    `${ORCHESTRATOR}/routes/decide-transaction.ts`,
    'const view = await lockView(tx, request.caller,',
    WHEN_STORED,
  ),
  'slot.written': after(`${ORCHESTRATOR}/lanes/take-slot.ts`, 'putSlot(tx, lane, slot);', WHEN_WRITTEN),
  'payload.committed': before(
    `${ORCHESTRATOR}/routes/create-signing-payload.ts`,
    'if (!(answer instanceof AppError))',
  ),
  'signature.written': before(
    `${ORCHESTRATOR}/requests/store-signature.ts`,
    'putSlot(tx, lane, signedSlot(slot));',
    WHEN_WRITTEN,
  ),
  'dispatch.written': before(
    `${ORCHESTRATOR}/lanes/send-window.ts`,
    'if (sent.length > 0) write(',
    `if (sent.length > 0) { ${WHEN_WRITTEN} }`,
  ),
  'signature.committed': before(
    `${ORCHESTRATOR}/routes/submit-signature.ts`,
    'return { status: 200, body: showRequest(stored) };',
  ),
  'transition.written': before(
    `${ORCHESTRATOR}/requests/carry-out.ts`,
    'await moveHold(tx, row, events);',
    WHEN_WRITTEN,
  ),
  'nonce.settled': before(
    `${ORCHESTRATOR}/handlers/hear-nonce.ts`,
    'storeSlot(tx, { ...heard,',
    WHEN_WRITTEN,
  ),
  'news.heard': before(`${ORCHESTRATOR}/handlers/chain-news.ts`, 'updateLane(tx, moved);', WHEN_WRITTEN),
  'change.proposed': before(
    `${ORCHESTRATOR}/routes/propose-change.ts`,
    'return { status: 200, body: { change } };',
  ),
  'change.decided': before(`${ORCHESTRATOR}/routes/decide-change.ts`, 'await applyChanges(deps, tenantId)'),
  'change.handed_over': before(`${ORCHESTRATOR}/changes/apply-changes.ts`, 'const reason = await handOver('),
  'change.done': before(
    `${ORCHESTRATOR}/changes/apply-changes.ts`,
    'await scope.transaction((tx) => settle(',
  ),
  'change.applied': before(
    `${ORCHESTRATOR}/routes/decide-change.ts`,
    'return { ...answer, body: await readChange(',
  ),
  'policy.written': {
    file: `${ORCHESTRATOR}/changes/apply-changes.ts`,
    find: 'await finish(deps, tx, { row, reason: stale ?? (await write(deps, tx, row)) });',
    put: `const reason = stale ?? (await write(deps, tx, row)); ${WHEN_WRITTEN} await finish(deps, tx, { row, reason });`,
  },
  'expiry.committed': before(
    `${ORCHESTRATOR}/sweepers/expire-overdue.ts`,
    'const rows = await lockRequests(tx, tenantId, ids);',
    WHEN_STORED,
  ),
  'replacement.written': before(
    `${ORCHESTRATOR}/lanes/add-replacement.ts`,
    'if (judgement !== null) insertGroups(',
    WHEN_WRITTEN,
  ),
  'replacement.committed': before(
    `${ORCHESTRATOR}/lanes/replace.ts`,
    'await lockLane(tx, lane);',
    WHEN_STORED,
  ),
  'replacement.leased': before(
    `${ORCHESTRATOR}/lanes/offer-replacement.ts`,
    'putSlot(tx, lane, leased);',
    WHEN_WRITTEN,
  ),
  'adoption.written': before(
    `${ORCHESTRATOR}/lanes/settle-holders.ts`,
    "if (command.type === 'adopt') noteAdopted(",
    `if (transition.events.some(({ type }) => type === 'adopted')) { ${WHEN_WRITTEN} }`,
  ),
  'gap.written': before(
    `${ORCHESTRATOR}/lanes/gaps.ts`,
    'const data = { requestId: intent.requestId,',
    WHEN_WRITTEN,
  ),
  'gap.filled': before(
    `${ORCHESTRATOR}/lanes/gaps.ts`,
    "if (row !== undefined) await carryOut(deps, tx, { row, command: { type: 'cancel' }",
    `if (row !== undefined) { ${WHEN_WRITTEN} }`,
  ),
  'resending.committed': before(
    `${ORCHESTRATOR}/sweepers/send-again.ts`,
    'const lane = await lockLane(tx, key);',
    WHEN_STORED,
  ),
  'asking.committed': before(
    `${ORCHESTRATOR}/sweepers/ask-anew.ts`,
    'noteAsked(tx, row, head);',
    WHEN_STORED,
  ),
  'stuck.committed': before(
    `${ORCHESTRATOR}/sweepers/call-stuck.ts`,
    "await carryOut(deps, tx, { row, command: { type: 'noteStuck' }",
    WHEN_STORED,
  ),

  // chain-watcher-evm
  'watch.stored': before(`${WATCHER}/handlers/tx-broadcast.ts`, "const outcome = watch.depth === 'none'"),
  'broadcast.sent': after(
    `${WATCHER}/handlers/tx-broadcast.ts`,
    'await sendUnlessOutdated(deps, sending) : ACCEPTED;',
  ),
  'block.read': before(
    `${WATCHER}/follow/apply-block.ts`,
    'const changes = changesBetween(before, readings);',
  ),
  'block.written': after(
    `${WATCHER}/follow/apply-block.ts`,
    'await insertBlock(tx, chain.config.chainId, block);',
  ),
  'block.committed': before(
    `${WATCHER}/follow/apply-block.ts`,
    "if (moved === undefined) return { state: 'again' };",
  ),
  'undo.written': after(`${WATCHER}/follow/undo-block.ts`, 'await deleteBlock(tx, chainId, height);'),
  'undo.committed': before(
    `${WATCHER}/follow/undo-block.ts`,
    "if (moved !== undefined && moved !== 'floor') deps",
  ),
  'balance.read': before(
    `${WATCHER}/handlers/balance-update.ts`,
    'const pendingOf = await readPending(tx, chain, {',
  ),
  'correction.written': after(
    `${WATCHER}/follow/correct-block.ts`,
    'const taken = await takeBack(deps, tx, { chain, undoing, heldBelow, seenFrom: cursor.height });',
  ),
  'correction.committed': after(
    `${WATCHER}/follow/apply-block.ts`,
    'await correctBlock(deps, chain, { ...next, block: otherwise });',
  ),
  'backfill.written': before(
    `${WATCHER}/follow/backfill-turn.ts`,
    'for (const read of known) await writeOne(',
  ),
  'backfill.committed': {
    file: `${WATCHER}/follow/create-background.ts`,
    find: 'return isSweeping === true || isFilling === true;',
    put: `if (isFilling) ${CRASH} return isSweeping === true;`,
  },
  'sweep.written': before(
    `${WATCHER}/follow/sweep-turn.ts`,
    'await book(deps, tx, { chain, sweep, held, cursor });',
  ),
  'sweep.committed': after(
    `${WATCHER}/follow/create-background.ts`,
    'const isSweeping = await attempt(() => sweepTurn(deps, chain, cursor));',
    `if (isSweeping) ${CRASH}`,
  ),
  'message.retried': before(
    `${BUS}/process-message.ts`,
    'if (redirected.dead) reportDead(',
    `if (!redirected.dead) ${CRASH}`,
  ),
  'message.postponed': before(`${BUS}/process-message.ts`, 'if (times === 1) log.warn('),

  // audit
  'message.consumed': before(`${BUS}/process-message.ts`, 'const verdict = await handle(delivery);'),
  'entries.written': after(
    `${AUDIT}/consume/create-recorder.ts`,
    'sendEntries(tx, arrival.left);',
    WHEN_WRITTEN,
  ),
  'entries.committed': before(
    `${AUDIT}/consume/create-recorder.ts`,
    'batch.forEach(({ resolve }) => resolve());',
  ),
  'numbers.written': before(`${AUDIT}/sequence/number-and-seal.ts`, 'const advanced = lastVersions(ready);'),
  'numbers.committed': before(
    `${AUDIT}/sequence/report-numbered.ts`,
    'telemetry.entriesNumbered(numbered.length);',
  ),
  'message.dead': before(
    `${BUS}/process-message.ts`,
    'if (redirected.dead) reportDead(',
    `if (redirected.dead) ${CRASH}`,
  ),

  // ironforge queues replay
  'letter.replayed': after(`${BUS}/dead-letters.ts`, 'await act(channel, queue, message);'),
};

/** Whether there is a crash point of that name. */
export function isCrashPoint(name: string): name is CrashPointName {
  return name in CRASH_EDITS;
}

function before(file: string, find: string, crash = CRASH): Edit {
  return { file, find, put: `${crash} ${find}` };
}

function after(file: string, find: string, crash = CRASH): Edit {
  return { file, find, put: `${find} ${crash}` };
}
