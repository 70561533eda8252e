import type { TxPoint } from '@ironforge/audit-log';

/** The newest state that was proved: which server, which database, its transaction and that one's hash in lower-case hex. */
export interface LedgerState {
  readonly serverUuid: string;
  readonly database: string;
  readonly txId: bigint;
  readonly txHash: string;
}

/**
 * Where the state of one ledger is kept. Whoever loses it trusts the server anew, so it is kept as safely as what it proves.
 * `save` replaces `previous`, and gives false, changing nothing, when something else is kept by now.
 */
export interface StatePort {
  readonly load: () => Promise<LedgerState | null>;
  readonly save: (next: LedgerState, previous: LedgerState | null) => Promise<boolean>;
}

/** The transaction that a state stands at. */
export function pointOf({ txId, txHash }: LedgerState): TxPoint {
  return { id: txId, hash: Buffer.from(txHash, 'hex') };
}
