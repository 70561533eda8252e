import type { KeyValue } from '../key-value.ts';
import type { LedgerState, StatePort } from './ledger-state.ts';

/** A state that is kept in memory, and can be looked at and set. */
export interface KeptState extends StatePort {
  readonly kept: () => LedgerState | null;
  readonly reset: (state: LedgerState | null) => void;
}

/** Keeps a state as a database row would: replaced only by who knows it. */
export function keepState(first: LedgerState | null = null): KeptState {
  let state = first;
  return {
    load: async () => state,
    save: async (next, previous) => {
      if (state?.txId !== previous?.txId) return false;
      state = next;
      return true;
    },
    kept: () => state,
    reset: (other) => void (state = other),
  };
}

/** Entries by name, with a value of their own. */
export function entriesNamed(...names: readonly string[]): KeyValue[] {
  return names.map((name) => ({ key: Buffer.from(name), value: Buffer.from(`value of ${name}`) }));
}
