import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { present } from '@ironforge/kernel';
import { afterEach, describe, expect, it } from 'vitest';
import { choosePorts, isPortFree } from '../ports.ts';
import { stopStack } from '../stack/stop-stack.ts';
import { cleanUp } from './clean-up.ts';
import { holdHome, isHeld } from './hold.ts';
import { isStillRunning } from './identity.ts';
import { listenerProgram, temporaryHome } from './listener.fixture.ts';
import { type PartState, readState } from './state-file.ts';
import { createSupervisor, type Supervisor } from './supervisor.ts';

const home = temporaryHome();
const running: Supervisor[] = [];
const killers: ChildProcess[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((supervisor) => supervisor.stop()));
  for (const child of killers.splice(0)) child.kill('SIGKILL');
  await cleanUp(readState(home));
  rmSync(home.dir, { recursive: true, force: true });
});

describe('a supervised program', () => {
  it('is back on the same port after kill -9, and the restart is counted', async () => {
    const { supervisor, port } = await supervised();
    const before = identityOf(supervisor);
    process.kill(before.pid, 'SIGKILL');
    await until(async () => !(await isPortFree(port)) && supervisor.states()[0]?.restarts === 1);
    expect(supervisor.states()[0]?.identity?.pid).not.toBe(before.pid);
    expect(isStillRunning(before)).toBe(false);
  });

  it('is gone after stop, and stays gone', async () => {
    const { supervisor, port } = await supervised();
    await supervisor.stop();
    expect(await isPortFree(port)).toBe(true);
    expect(supervisor.states()[0]?.identity).toBeNull();
  });

  it('is back though the folder of its log is gone', async () => {
    const { supervisor, port } = await supervised();
    rmSync(home.log, { recursive: true });
    process.kill(identityOf(supervisor).pid, 'SIGKILL');
    await until(async () => supervisor.states()[0]?.restarts === 1 && !(await isPortFree(port)));
  });

  it('is back as soon as its log can be opened again', async () => {
    const { supervisor, port } = await supervised();
    const logFile = join(home.log, 'listener.log');
    rmSync(logFile);
    mkdirSync(logFile);
    process.kill(identityOf(supervisor).pid, 'SIGKILL');
    await until(async () => (supervisor.states()[0]?.restarts ?? 0) > 2);
    rmSync(logFile, { recursive: true });
    await until(async () => !(await isPortFree(port)));
    await supervisor.stop();
    expect(await isPortFree(port)).toBe(true);
  });

  it('that ends at once again and again fails the start, with the end of its log', async () => {
    const program = listenerProgram('broken', await freePort());
    const broken = { ...program, args: ['-e', 'console.log("no such thing"); process.exit(1)'] };
    await expect(newSupervisor().start([broken])).rejects.toThrow(/its log ends with: no such thing/);
  });

  it('is not started on a port that another program holds', async () => {
    const { port } = await supervised();
    const stranger = listenerProgram('stranger', port);
    await expect(newSupervisor().start([stranger])).rejects.toThrow(
      /is taken by another program: .* set IRONFORGE_PORT_STRANGER/,
    );
  });
});

describe('a supervisor that was killed', () => {
  it('frees its home at once, and the next start stops what it left', async () => {
    const { part, port } = await killedSupervisor();
    expect(await isHeld(home)).toBe(false);
    expect(isStillRunning(present(part.identity, 'identity'))).toBe(true);
    expect(await cleanUp(readState(home))).toEqual(['listener']);
    expect(await isPortFree(port)).toBe(true);
  });

  it('leaves nothing to whoever asks it to stop', async () => {
    const { part, port } = await runningSupervisor();
    expect(await stopStack(home)).toBe(true);
    expect(isStillRunning(present(part.identity, 'identity'))).toBe(false);
    expect(await isPortFree(port)).toBe(true);
  });

  it('leaves a pid that now belongs to another program alone', async () => {
    const { part, port } = await killedSupervisor();
    const state = present(readState(home), 'state');
    const reused = { pid: present(part.identity, 'identity').pid, startedAt: 'another boot/1' };
    expect(await cleanUp({ ...state, parts: [{ ...part, identity: reused }] })).toEqual([]);
    expect(await isPortFree(port)).toBe(false);
  });
});

describe('a home', () => {
  it('is held by one supervisor at a time', async () => {
    const hold = present(await holdHome(home), 'hold');
    expect(await holdHome(home)).toBeNull();
    await hold.release();
    const again = present(await holdHome(home), 'hold');
    await again.release();
  });
});

function newSupervisor(): Supervisor {
  const supervisor = createSupervisor({
    home,
    env: process.env,
    say: () => undefined,
    onChange: () => undefined,
    signal: new AbortController().signal,
  });
  running.push(supervisor);
  return supervisor;
}

async function supervised(): Promise<{ supervisor: Supervisor; port: number }> {
  const port = await freePort();
  const supervisor = newSupervisor();
  await supervisor.start([listenerProgram('listener', port)]);
  return { supervisor, port };
}

function identityOf(supervisor: Supervisor): { pid: number; startedAt: string | null } {
  return present(supervisor.states()[0]?.identity, 'identity');
}

async function killedSupervisor(): Promise<{ part: PartState; port: number }> {
  const { child, ...running } = await runningSupervisor();
  child.kill('SIGKILL');
  await once(child, 'exit');
  return running;
}

/** One that ends at the first signal and stops nothing. */
async function runningSupervisor(): Promise<{ child: ChildProcess; part: PartState; port: number }> {
  const port = await freePort();
  const env = { ...process.env, IRONFORGE_HOME: home.dir, LISTENER_PORT: String(port) };
  const child = spawn(process.execPath, [join(import.meta.dirname, 'supervise.fixture.ts')], { env });
  killers.push(child);
  await once(child.stdout, 'data');
  return { child, part: present(readState(home)?.parts[0], 'part'), port };
}

async function freePort(): Promise<number> {
  const ports = await choosePorts({
    names: ['free'],
    known: {},
    first: 14_000 + (process.pid % 4_000),
    isFree: isPortFree,
  });
  return present(ports['free'], 'port');
}

/** The time-out of the test ends it when it never is so. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
