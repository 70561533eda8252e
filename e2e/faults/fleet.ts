import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '@ironforge/testing';
import { z } from 'zod';
import { present } from '../world/present.ts';

const home = present(process.env['IRONFORGE_HOME'], 'IRONFORGE_HOME');

const Part = z.object({
  name: z.string(),
  kind: z.enum(['server', 'service']),
  identity: z.object({ pid: z.int() }).nullable(),
  restarts: z.int(),
  url: z.string(),
});

/** A process of the installation as its supervisor last wrote it down. */
export type Part = z.infer<typeof Part>;

const State = z.object({ parts: z.array(Part) });

/** A process of the installation as it is now. Throws when there is none of that name. */
export function partNamed(name: string): Part {
  const { parts } = State.parse(JSON.parse(readFileSync(join(home, 'state.json'), 'utf8')));
  return present(
    parts.find((part) => part.name === name),
    name,
  );
}

/** Ends a process at once (SIGKILL), and does not wait. */
export function strike(name: string): void {
  process.kill(pidOf(name), 'SIGKILL');
}

/** Asks a process to end (SIGTERM), and does not wait. */
export function askToEnd(name: string): void {
  process.kill(pidOf(name), 'SIGTERM');
}

/** Waits until a process was started so many times over, and answers. */
export async function isBack(name: string, restarts: number): Promise<void> {
  await waitUntil(
    `${name} is back`,
    async () => partNamed(name).restarts >= restarts && (await answers(partNamed(name))),
    { intervalMs: 100 },
  );
}

/** Holds a process still (SIGSTOP) for a while, then lets it go on. */
export async function freezePart(name: string, ms: number): Promise<void> {
  const pid = pidOf(name);
  process.kill(pid, 'SIGSTOP');
  await sleep(ms);
  process.kill(pid, 'SIGCONT');
}

/** The process id of a part that runs. */
export function pidOf(name: string): number {
  return present(partNamed(name).identity, `the pid of ${name}`).pid;
}

/** What a process was started with (proc(5)). */
export function environmentOf(pid: number): Record<string, string> {
  const pairs = readFileSync(`/proc/${pid}/environ`, 'utf8')
    .split('\0')
    .filter((pair) => pair !== '');
  return Object.fromEntries(
    pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
}

/** What a service is to be started with from its next start on, beside its own environment; null: nothing. */
export function override(service: string, variables: Readonly<Record<string, string>> | null): void {
  const file = join(home, 'run', 'overrides', `${service}.json`);
  if (variables === null) return rmSync(file, { force: true });
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(variables), { mode: 0o600 });
}

/** A service is asked whether it is ready, a server whether it listens. */
async function answers({ kind, url }: Part): Promise<boolean> {
  if (kind === 'service') return (await fetch(`${url}/readyz`)).ok;
  const { hostname: host, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port) }, () => resolve(true));
    socket.on('error', () => resolve(false)).on('connect', () => socket.destroy());
  });
}
