import type { ReportFinding } from '@ironforge/contracts';
import type { Moves } from './ask-watcher.ts';
import { depositName } from './transfer-of.ts';
import type { EntryRef, Told, ToldDeposit, ToldRequest } from './told-by-entries.ts';

/**
 * In what a chain and the entries about it differ, both ways: every transfer of the tenant's wallets has its entry, and every
 * entry that says to be in these blocks its transfer. Entries whose texts are not those that were sealed are named. What the watcher
 * found between chain and its own rows is told as well.
 */
export function compareChain(moves: Moves, told: Told): ReportFinding[] {
  return [
    ...compareSent(moves, told),
    ...compareReceived(moves, told),
    ...told.altered.map((entry) => altered(entry, moves)),
    ...moves.differences.map(ofWatcher),
  ];
}

type Sent = Moves['sent'][number];
type Received = Moves['received'][number];

function compareSent(moves: Moves, { requests, outside }: Told): ReportFinding[] {
  const claimed = requests.filter(isMined);
  const byHash = new Map(claimed.map((one) => [one.txHash, one]));
  const apart = new Set(outside.map(({ txHash }) => txHash));
  const sent = new Set(moves.sent.map(({ txHash }) => txHash));
  const ofChain = moves.sent.flatMap((mined) => {
    const request = byHash.get(mined.txHash);
    if (request !== undefined) return compareOne(mined, request, moves.confirmedHeight);
    return apart.has(mined.txHash) ? [] : [missing(mined.txHash, mined.blockHeight, outcomeOf(mined))];
  });
  const ofLog = claimed
    .filter(({ txHash, blockHeight }) => isIn(moves, blockHeight) && !sent.has(txHash ?? ''))
    .map(({ txHash, blockHeight, status, entry }) =>
      surplus(txHash, blockHeight ?? 0, { entry, inLog: status }),
    );
  return [...ofChain, ...ofLog];
}

/** A request whose nonce another transaction took says a block too, and is not mined. */
function isMined({ blockHeight, reason }: ToldRequest): boolean {
  return blockHeight !== null && reason !== 'replaced_outside';
}

function compareOne(mined: Sent, request: ToldRequest, confirmedHeight: number): ReportFinding[] {
  const { txHash: transfer, blockHeight: height } = mined;
  const { entry, status } = request;
  const about = { height, transfer, entry };
  if (request.blockHeight !== height)
    return [
      { kind: 'entry_of_other_block', ...about, onChain: String(height), inLog: String(request.blockHeight) },
    ];
  const outcome = outcomeOf(mined);
  const wanted = outcomeSaid(request);
  if (wanted !== null && wanted !== outcome)
    return [{ kind: 'entry_of_other_outcome', ...about, onChain: outcome, inLog: status }];
  const isOpen = height <= confirmedHeight && IN_FLIGHT.includes(status);
  return isOpen ? [{ kind: 'entry_without_end', ...about, onChain: outcome, inLog: status }] : [];
}

const IN_FLIGHT = ['approved', 'signed', 'broadcasted'];

function outcomeOf({ success }: Sent): string {
  return success ? 'succeeded' : 'reverted';
}

/** Null for what may have ended in either way. */
function outcomeSaid({ status, reason }: ToldRequest): string | null {
  if (status === 'confirmed') return 'succeeded';
  return status === 'failed' && reason === 'reverted' ? 'reverted' : null;
}

function compareReceived(moves: Moves, { deposits }: Told): ReportFinding[] {
  // What a sweep found is in no list of any block.
  const listed = deposits.filter(({ kind, blockHeight }) => kind === 'transfer' && blockHeight !== null);
  const byKey = new Map(listed.map((one) => [depositName(one), one]));
  const there = new Set(moves.received.map(depositName));
  const ofChain = moves.received.flatMap((transfer) => {
    const deposit = byKey.get(depositName(transfer));
    return deposit === undefined
      ? [missing(depositName(transfer), transfer.blockHeight, transfer.amount)]
      : compareDeposit(transfer, deposit);
  });
  const ofLog = listed
    .filter((one) => isIn(moves, one.blockHeight) && !there.has(depositName(one)))
    .map((one) => surplus(depositName(one), one.blockHeight ?? 0, { entry: one.entry, inLog: one.amount }));
  return [...ofChain, ...ofLog];
}

function compareDeposit(transfer: Received, { entry, ...told }: ToldDeposit): ReportFinding[] {
  const about = { height: transfer.blockHeight, transfer: depositName(transfer), entry };
  if (told.blockHash !== transfer.blockHash)
    return [{ kind: 'entry_of_other_block', ...about, onChain: transfer.blockHash, inLog: told.blockHash }];
  const amount = told.loggedAmount ?? told.amount;
  return amount === transfer.amount
    ? []
    : [{ kind: 'entry_of_other_amount', ...about, onChain: transfer.amount, inLog: amount }];
}

function isIn({ from, to }: Moves, height: number | null): boolean {
  return height !== null && height >= from && height <= to;
}

function missing(transfer: string, height: number, onChain: string): ReportFinding {
  return { kind: 'transfer_without_entry', height, transfer, entry: null, onChain, inLog: null };
}

function surplus(
  transfer: string | null,
  height: number,
  said: { readonly entry: EntryRef; readonly inLog: string },
): ReportFinding {
  return { kind: 'entry_without_transfer', height, transfer, onChain: null, ...said };
}

/** Of no transfer, and of the first block: what such a text says of either is nobody's word. */
function altered(entry: EntryRef, { from }: Moves): ReportFinding {
  return { kind: 'entry_altered', height: from, transfer: null, entry, onChain: null, inLog: null };
}

function ofWatcher({ kind, height, subject, onChain, stored }: Moves['differences'][number]): ReportFinding {
  return { kind, height, transfer: subject, entry: null, onChain, inLog: stored };
}
