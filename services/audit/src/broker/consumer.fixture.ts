import { once } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseJson, present } from '@ironforge/kernel';
import { spawnBound, waitUntil } from '@ironforge/testing';
import { z } from 'zod';

const ROOT = resolve(import.meta.dirname, '../../../..');

/** How a tenant reaches its stream. */
export interface Access {
  readonly amqpUrl: string;
  readonly user: string;
  readonly password: string | null;
}

/** The documented consumer in a folder of its own, with what it remembers; each run is a process. */
export interface Consumer extends Disposable {
  run(access: Access): ConsumerRun;
}

/** One process; `heard` are the lines that it has written so far. */
export interface ConsumerRun {
  readonly heard: readonly string[];
  /** The numbers of the entries that it has taken. */
  sequences(): number[];
  until(count: number): Promise<readonly string[]>;
  kill(): Promise<void>;
}

const Said = z.object({ sequence: z.int() });

/** Puts `docs/consumers/audit-stream.mjs` where it finds its one package. */
export function installConsumer(): Consumer {
  const folder = mkdtempSync(join(tmpdir(), 'audit-stream-'));
  const program = join(folder, 'audit-stream.mjs');
  copyFileSync(join(ROOT, 'docs/consumers/audit-stream.mjs'), program);
  symlinkSync(join(ROOT, 'packages/bus/node_modules'), join(folder, 'node_modules'));
  return {
    run: (access) => runConsumer([program, join(folder, 'place.json')], access),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}

function runConsumer(args: readonly string[], { amqpUrl, user, password }: Access): ConsumerRun {
  const env = {
    PATH: process.env['PATH'],
    AUDIT_STREAM_URL: amqpUrl,
    AUDIT_STREAM_USER: user,
    AUDIT_STREAM_PASSWORD: password ?? '',
  };
  const child = spawnBound(process.execPath, args, { env, stdout: 'pipe', stderr: 'inherit' });
  const heard: string[] = [];
  createInterface({ input: present(child.stdout, 'the output') }).on('line', (line) => heard.push(line));
  return {
    heard,
    sequences: () => heard.map((line) => Said.parse(parseJson(line)).sequence),
    until: (count) => waitUntil(`${count} entries taken`, () => heard.length >= count && heard),
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
