import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { diskFull, trouble } from '../trouble.ts';

/** Where and with which environment a program runs; the caller's own by default. */
export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs a program to its end and gives its standard output; throws a fault of one line when it fails. */
export type RunCommand = (
  command: string,
  args: readonly string[],
  options?: CommandOptions,
) => Promise<string>;

const KEPT_OUTPUT_CHARS = 1_000_000;

/** A runner whose programs end when the signal is raised. */
export function createRunCommand(signal: AbortSignal): RunCommand {
  return async (command, args, options = {}) => {
    signal.throwIfAborted();
    const { code, output, complaints } = await ended(() =>
      spawn(command, args, { ...options, signal, stdio: ['ignore', 'pipe', 'pipe'] }),
    );
    if (code === 0) return output;
    signal.throwIfAborted();
    throw explained(command, `${complaints}\n${output}`);
  };
}

interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly complaints: string;
}

function ended(start: () => ChildProcessByStdio<null, Readable, Readable>): Promise<Ended> {
  return new Promise((resolve) => {
    const child = start();
    let output = '';
    let complaints = '';
    child.stdout.on('data', (chunk: Buffer) => (output = keep(output, chunk)));
    child.stderr.on('data', (chunk: Buffer) => (complaints = keep(complaints, chunk)));
    child.once('error', (error) => resolve({ code: null, output, complaints: error.message }));
    child.once('close', (code) => resolve({ code, output, complaints }));
  });
}

function keep(text: string, chunk: Buffer): string {
  return (text + chunk.toString()).slice(-KEPT_OUTPUT_CHARS);
}

const UNREACHABLE =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|Could not resolve|Could not connect/;
const UNKNOWN_PACKAGE = /Unable to locate package|has no installation candidate/;

function explained(command: string, said: string): Error {
  if (/ENOSPC|No space left|enough free space/.test(said)) return diskFull('.ironforge');
  if (UNREACHABLE.test(said)) {
    return trouble(
      'no_network',
      `${command} cannot reach its server: check the network and the proxy settings`,
    );
  }
  if (UNKNOWN_PACKAGE.test(said)) {
    return trouble(
      'no_network',
      `${command} finds no such package: check the network and the archive it is set to`,
    );
  }
  const lines = said.trim().split('\n');
  const line = lines.find((text) => /\b(error|E:|FATAL|could not|cannot)/i.test(text)) ?? lines[0];
  return trouble('failed', `${command}: ${line?.trim() ?? 'failed'}`);
}
