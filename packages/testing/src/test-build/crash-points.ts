import type { Edit } from './edit.ts';

/** A step between two effects at which a process can be made to end at once, as by a power cut. */
export interface CrashPoint {
  /** A service that comes there while payments are under way. */
  readonly service: string;
  /** What has happened by then, and what has not. */
  readonly between: string;
  readonly edit: Edit;
}

const ORCHESTRATOR = 'services/tx-orchestrator/src';
const WATCHER = 'services/chain-watcher/src';
const AUDIT = 'services/audit/src';
/** Ends the process once the database has what was sent to it without waiting. */
const WHEN_WRITTEN = "await tx.raw('SELECT 1'); crashHere();";

/** Every crash point by the name that CRASH_AT takes. A run of the fault rows comes to each of them. */
export const CRASH_POINTS = {
  'outbox.committed': at('wallet-registry', 'messages are stored; none is published', {
    file: 'packages/store/src/outbox/create-outbox.ts',
    find: 'tx.afterCommit(() => relay.push(written));',
    put: 'tx.afterCommit(() => { crashHere(); relay.push(written); });',
  }),
  'outbox.published': at('tx-orchestrator', 'the broker has confirmed messages; they are not marked', {
    file: 'packages/store/src/outbox/relay.ts',
    find: 'work: (outcomes) => settle(deps, outcomes),',
    put: 'work: async (outcomes) => { crashHere(); await settle(deps, outcomes); },',
  }),
  'message.consumed': at('audit', 'a message is in hand; nothing came of it', {
    file: 'packages/bus/src/process-message.ts',
    find: 'const verdict = await handle(delivery);',
    put: 'crashHere(); const verdict = await handle(delivery);',
  }),
  'message.handled': at('tx-orchestrator', 'effect and inbox are stored; the message is not acked', {
    file: 'packages/bus/src/consumer.ts',
    find: 'if (isDone && !lost.aborted) ack(channel, message);',
    put: 'if (isDone && !lost.aborted) { crashHere(); ack(channel, message); }',
  }),
  'inbox.written': at('wallet-registry', 'the inbox has the message; the effect is not written', {
    file: 'packages/service-kit/src/consume/record-effect.ts',
    find: 'takeIn(tx, entry);',
    put: `takeIn(tx, entry); ${WHEN_WRITTEN}`,
  }),
  'answer.written': at('tx-orchestrator', 'a request is written; the answer under its key is not', {
    file: 'packages/service-kit/src/http/answer-once.ts',
    find: 'finishIdempotent(tx, claim,',
    put: `${WHEN_WRITTEN} finishIdempotent(tx, claim,`,
  }),
  'request.committed': at('tx-orchestrator', 'a request is stored; its caller has no answer', {
    file: `${ORCHESTRATOR}/routes/create-transaction.ts`,
    find: 'const answer = askThenAnswerOnce(once, ask, async (tx, wish) => {',
    put: 'const answer = askThenAnswerOnce(once, ask, async (tx, wish) => { tx.afterCommit(crashHere);',
  }),
  'slot.written': at('tx-orchestrator', 'nonce and lease are written; the request does not know them', {
    file: `${ORCHESTRATOR}/lanes/take-slot.ts`,
    find: 'putSlot(tx, lane, slot);',
    put: `putSlot(tx, lane, slot); ${WHEN_WRITTEN}`,
  }),
  'payload.committed': at('tx-orchestrator', 'a payload is leased; the signer has no answer', {
    file: `${ORCHESTRATOR}/routes/create-signing-payload.ts`,
    find: 'return answer instanceof AppError ? answer : { status: 200, body: answer };',
    put: 'crashHere(); return answer instanceof AppError ? answer : { status: 200, body: answer };',
  }),
  'signature.written': at('tx-orchestrator', 'signed bytes are written; their nonce is not marked', {
    file: `${ORCHESTRATOR}/requests/store-signature.ts`,
    find: 'putSlot(tx, lane, signedSlot(slot));',
    put: `${WHEN_WRITTEN} putSlot(tx, lane, signedSlot(slot));`,
  }),
  'signature.committed': at('tx-orchestrator', 'signed bytes are stored; the signer has no answer', {
    file: `${ORCHESTRATOR}/routes/submit-signature.ts`,
    find: 'return { status: 200, body: showRequest(stored) };',
    put: 'crashHere(); return { status: 200, body: showRequest(stored) };',
  }),
  'transition.written': at('tx-orchestrator', 'a transition is written; its messages are not', {
    file: `${ORCHESTRATOR}/requests/carry-out.ts`,
    find: 'await moveHold(tx, row, events);',
    put: `${WHEN_WRITTEN} await moveHold(tx, row, events);`,
  }),
  'watch.stored': at('chain-watcher-evm', 'bytes are watched for; they are not sent', {
    file: `${WATCHER}/handlers/tx-broadcast.ts`,
    find: "const outcome = watch.depth === 'none'",
    put: "crashHere(); const outcome = watch.depth === 'none'",
  }),
  'broadcast.sent': at('chain-watcher-evm', 'bytes are sent; that is not recorded', {
    file: `${WATCHER}/handlers/tx-broadcast.ts`,
    find: 'await sendUnlessOutdated(deps, sending) : ACCEPTED;',
    put: 'await sendUnlessOutdated(deps, sending) : ACCEPTED; crashHere();',
  }),
  'block.read': at('chain-watcher-evm', 'a block is read; nothing of it is written', {
    file: `${WATCHER}/follow/apply-block.ts`,
    find: 'const prepared = { ...next, chain,',
    put: 'crashHere(); const prepared = { ...next, chain,',
  }),
  'block.written': at('chain-watcher-evm', 'the cursor is moved; what the block did is not written', {
    file: `${WATCHER}/follow/apply-block.ts`,
    find: 'await insertBlock(tx, chain.config.chainId, block);',
    put: 'await insertBlock(tx, chain.config.chainId, block); crashHere();',
  }),
  'block.committed': at('chain-watcher-evm', 'a block is recorded; nothing of it is published', {
    file: `${WATCHER}/follow/apply-block.ts`,
    find: 'if (moved !== undefined) deps.telemetry',
    put: 'crashHere(); if (moved !== undefined) deps.telemetry',
  }),
  'undo.written': at('chain-watcher-evm', 'a block is taken off; what it did is not taken back', {
    file: `${WATCHER}/follow/undo-block.ts`,
    find: 'await deleteBlock(tx, chainId, height);',
    put: 'await deleteBlock(tx, chainId, height); crashHere();',
  }),
  'undo.committed': at('chain-watcher-evm', 'one block of a reorg is undone; the next is not', {
    file: `${WATCHER}/follow/undo-block.ts`,
    find: "if (moved !== undefined && moved !== 'floor') deps",
    put: "crashHere(); if (moved !== undefined && moved !== 'floor') deps",
  }),
  'balance.read': at('chain-watcher-evm', 'balances are read anew; they are not told', {
    file: `${WATCHER}/handlers/balance-update.ts`,
    find: 'const pendingOf = await readPending(tx, chain, {',
    put: 'crashHere(); const pendingOf = await readPending(tx, chain, {',
  }),
  'entries.written': at('audit', 'the inbox has the events; their entries are not written', {
    file: `${AUDIT}/consume/create-recorder.ts`,
    find: 'await insertEntries(tx, ordered);',
    put: 'crashHere(); await insertEntries(tx, ordered);',
  }),
  'entries.committed': at('audit', 'entries are stored; their messages are not acked', {
    file: `${AUDIT}/consume/create-recorder.ts`,
    find: 'batch.forEach(({ resolve }) => resolve());',
    put: 'crashHere(); batch.forEach(({ resolve }) => resolve());',
  }),
  'numbers.written': at('audit', 'entries are numbered; the sequence is not moved', {
    file: `${AUDIT}/sequence/sequence-batch.ts`,
    find: 'const advanced = lastVersions(ready);',
    put: 'crashHere(); const advanced = lastVersions(ready);',
  }),
  'numbers.committed': at('audit', 'a batch is numbered; the sequencer has not gone on', {
    file: `${AUDIT}/sequence/create-sequencer.ts`,
    find: 'report(deps, tenantId, result.numbered);',
    put: 'crashHere(); report(deps, tenantId, result.numbered);',
  }),
} as const satisfies Readonly<Record<string, CrashPoint>>;

/** The name of a crash point. */
export type CrashPointName = keyof typeof CRASH_POINTS;

function at(service: string, between: string, edit: Edit): CrashPoint {
  return { service, between, edit };
}
