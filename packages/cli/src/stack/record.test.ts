import { mkdirSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { temporaryHome } from '../supervisor/listener.fixture.ts';
import { readState } from '../supervisor/state-file.ts';
import { createRecord } from './record.ts';

const home = temporaryHome();
const file = join(home.dir, 'state.json');
const context = { env: {}, home, print: () => undefined, say: () => undefined, confirm: null };

afterEach(() => {
  vi.useRealTimers();
  rmSync(home.dir, { recursive: true, force: true });
});

describe('a record that cannot be written', () => {
  it('holds nobody up, and is written once it can be', () => {
    const record = recordOnBadDisk();
    record.change({ phase: 'stopping' });
    record.say('Stopping');
    expect(rightDisk()?.phase).toBe('starting');
    vi.advanceTimersByTime(3_000);
    expect(readState(home)).toMatchObject({ phase: 'stopping', lines: ['Stopping'] });
  });

  it('is given up with its last word, for then another may write', () => {
    const record = recordOnBadDisk();
    record.change({ phase: 'stopping' });
    record.change({ phase: 'stopped' });
    rightDisk();
    vi.advanceTimersByTime(60_000);
    expect(readState(home)?.phase).toBe('starting');
  });
});

/** A folder where the file should be cannot be replaced by a file, as little as a full disk takes one. */
function recordOnBadDisk() {
  vi.useFakeTimers();
  const record = createRecord(context);
  renameSync(file, `${file}.aside`);
  mkdirSync(file);
  return record;
}

function rightDisk() {
  rmdirSync(file);
  renameSync(`${file}.aside`, file);
  return readState(home);
}
