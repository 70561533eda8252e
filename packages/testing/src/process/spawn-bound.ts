import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { Socket } from 'node:net';

/** What a bound program is given; nothing is read from it or told to it by default. */
export interface BoundOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly stdin?: 'ignore' | 'pipe';
  readonly stdout?: 'ignore' | 'pipe';
  readonly stderr?: 'ignore' | 'inherit';
}

/**
 * Starts a program that ends with this process, however this process ends: a test run that is killed leaves nothing
 * behind. The program has the pid of the child that is given back, so signals reach it alone.
 */
export function spawnBound(
  command: string,
  args: readonly string[],
  { env, stdin = 'ignore', stdout = 'ignore', stderr = 'ignore' }: BoundOptions = {},
): ChildProcess {
  const options: SpawnOptions = { env, stdio: [stdin, stdout, stderr, 'pipe'] };
  const child = spawn('/bin/sh', ['-c', BIND, 'sh', command, ...args], options);
  const bond = child.stdio[BOND];
  if (!(bond instanceof Socket)) throw new Error('the bond is a pipe');
  bond.on('error', alreadyGone);
  child.once('exit', () => bond.end('\n'));
  return child;
}

const BOND = 3;

/**
 * A shell leaves a watcher behind and becomes the program, pid included. The kernel closes the pipe when its other end
 * dies, however that happens, and the watcher then kills the program, even a stopped one. A line in the pipe says that
 * the program has ended already, and its pid may be another's.
 */
const BIND = '{ read -r _ <&3 || kill -9 $$; } >/dev/null 2>&1 & exec "$@" 3<&-';

function alreadyGone(): void {}
