import { describe, expect, it } from 'vitest';
import { overdue } from './overdue.ts';

const at = (second: number) => new Date(second * 1_000);
const kill = { what: 'kill', count: 1, from: at(5), to: at(5), healed: at(10) };

interface Told {
  readonly second: number;
  readonly type?: string;
  readonly reason?: string;
}

/** A payment that was signed in second 4, heard these words, and ended. */
function historyOf(words: readonly Told[], end: number) {
  const told: readonly Told[] = [{ second: 4, type: 'signed' }, ...words, { second: end, type: 'confirmed' }];
  return {
    transitions: told.map(({ second, type = 'updated' }, index) => ({
      tx_request_id: 'r',
      version: index,
      type,
      created_at: at(second),
    })),
    messages: told.map(({ reason = null }, index) => ({
      routing_key: 'tx_request.signed',
      event: { subject: 'r', aggregateversion: index, data: { request: { reason } } },
    })),
  };
}

describe('a payment that was met by a kill, healed in second 10', () => {
  it('may end 32 s later', () => {
    expect(overdue([kill], historyOf([], 42), ['r'])).toEqual({ violations: [], excused: 0 });
  });

  it('may not end a second after that, and is named with its seconds', () => {
    const { violations, excused } = overdue([kill], historyOf([], 43), ['r']);
    expect(violations).toEqual([
      { invariant: 'I12', id: 'r', what: 'ended 33 s after nothing else was waited for, not within 32 s' },
    ]);
    expect(excused).toBe(0);
  });

  it('is excused, and counted, while it says that it waits behind another nonce', () => {
    const words = [{ second: 11, reason: 'queued_behind' }, { second: 40 }];
    expect(overdue([kill], historyOf(words, 71), ['r'])).toEqual({ violations: [], excused: 1 });
  });

  it('is not excused for what it stood before it waited', () => {
    const words = [{ second: 50, reason: 'stuck' }, { second: 51 }];
    expect(overdue([kill], historyOf(words, 52), ['r']).violations).toHaveLength(1);
  });

  it('is late neither while it waits still, nor as long as nobody has signed it', () => {
    const waiting = historyOf([{ second: 11, reason: 'queued_behind' }], 43);
    const unended = { ...waiting, transitions: waiting.transitions.slice(0, 2) };
    expect(overdue([kill], unended, ['r'])).toEqual({ violations: [], excused: 1 });
    const unsigned = { messages: [], transitions: unended.transitions.slice(1) };
    expect(overdue([kill], unsigned, ['r'])).toEqual({ violations: [], excused: 0 });
  });

  it('is excused no longer than it waited', () => {
    const words = [{ second: 11, reason: 'queued_behind' }, { second: 12 }];
    expect(overdue([kill], historyOf(words, 45), ['r']).violations).toHaveLength(1);
  });

  it('is not excused by a reason that nobody else ends', () => {
    const words = [{ second: 11, reason: 'broadcast_timeout' }, { second: 40 }];
    expect(overdue([kill], historyOf(words, 45), ['r']).violations).toHaveLength(1);
  });
});
