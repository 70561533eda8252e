import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { present } from '@ironforge/kernel';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Home } from '../home.ts';
import { holdHome } from '../supervisor/hold.ts';
import { identify, type ProcessIdentity } from '../supervisor/identity.ts';
import { temporaryHome } from '../supervisor/listener.fixture.ts';
import { writeState } from '../supervisor/state-file.ts';
import { stopStack } from './stop-stack.ts';

let home: Home;
let processes: ChildProcess[];
beforeEach(() => {
  home = temporaryHome();
  processes = [];
});
afterEach(() => {
  for (const one of processes) one.kill('SIGKILL');
  rmSync(home.dir, { recursive: true });
});

function startProcess() {
  const child = spawn('sleep', ['60']);
  processes.push(child);
  return { child, pid: present(child.pid, 'the number of a process') };
}

function write(supervisor: ProcessIdentity): void {
  const none = { problem: null, lines: [], sources: {}, parts: [], connection: null };
  writeState(home, { supervisor, phase: 'starting', ...none });
}

it('signals who has the installation when he has written so, and nobody to whom an old number belongs by now', async () => {
  const [stranger, supervisor] = [startProcess(), startProcess()];
  write({ pid: stranger.pid, startedAt: 'another boot/1' });
  const hold = await holdHome(home);
  const stopping = stopStack(home);
  await sleep(300);
  expect([stranger.child.signalCode, supervisor.child.signalCode]).toEqual([null, null]);
  write(identify(supervisor.pid));
  await once(supervisor.child, 'exit');
  await hold?.release();
  expect(await stopping).toBe(true);
  expect([stranger.child.signalCode, supervisor.child.signalCode]).toEqual([null, 'SIGTERM']);
});

it('waits for nobody where nobody has it, or he who has it gives it up before he wrote anything', async () => {
  const stranger = startProcess();
  write({ pid: stranger.pid, startedAt: 'another boot/1' });
  expect(await stopStack(home)).toBe(false);
  const hold = await holdHome(home);
  const stopping = stopStack(home);
  await hold?.release();
  expect(await stopping).toBe(false);
  expect(stranger.child.signalCode).toBeNull();
});
