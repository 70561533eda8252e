import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultProxy } from '@ironforge/testing';
import type { Row } from '../stage.ts';

const ROUND_MS = 6_000;
const SHARE = 0.2;

/** One COMMIT in five goes wrong: half of them are carried out and not answered, half are refused with 40001. */
export const commits: Row = {
  name: 'COMMIT',
  rounds: { small: 1, full: 6 },
  play: async ({ inject, moved, lines, chance }, rounds) => {
    await moved();
    const counts = spoilCommits(lines.database, chance);
    await sleep(ROUND_MS * rounds);
    lines.database.heal();
    await inject('COMMIT answered with 40001', async () => counts.refused);
    await inject('answer to COMMIT lost', async () => counts.lost);
  },
};

/** Both are decided when COMMIT is on its way; the loss is done when its answer comes. */
function spoilCommits(line: FaultProxy, chance: () => number): { refused: number; lost: number } {
  const counts = { refused: 0, lost: 0 };
  const doomed = new WeakSet<object>();
  line.onRequest((chunk, connection) => {
    if (!isCommit(chunk) || chance() >= SHARE) return 'pass';
    if (chance() < 0.5) {
      counts.refused += 1;
      return REFUSED;
    }
    doomed.add(connection);
    return 'pass';
  });
  line.onAnswer((_chunk, connection) => {
    if (!doomed.has(connection)) return 'pass';
    counts.lost += 1;
    return 'reset';
  });
  return counts;
}

/** A simple query of PostgreSQL's protocol, version 3: 'Q', the length, the text, a zero. */
function isCommit(chunk: Buffer): boolean {
  return chunk[0] === QUERY && /^COMMIT\b/i.test(chunk.toString('latin1', 5));
}

const QUERY = 'Q'.charCodeAt(0);

/** The transaction is rolled back and the server itself says 40001, as it does when it cannot serialize. */
const REFUSED = query("ROLLBACK; DO $$ BEGIN RAISE EXCEPTION 'not now' USING ERRCODE = '40001'; END $$");

function query(text: string): Buffer {
  const bytes = Buffer.from(`Q0000${text}\0`, 'latin1');
  bytes.writeInt32BE(bytes.length - 1, 1);
  return bytes;
}
