import { tmpdir } from 'node:os';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { type Home, homeOf } from '../home.ts';
import { askListener } from '../parts/asks.ts';
import type { Program } from './program.ts';

/** A home in a new folder of its own. */
export function temporaryHome(): Home {
  return homeOf({ IRONFORGE_HOME: mkdtempSync(join(tmpdir(), 'ironforge-supervisor-')) });
}

// Longer than a test may take. It outlives the supervisor that a test kills, so it must not outlive a killed test run.
const END_AFTER_MS = 600_000;

/** A real program that listens on a port and does nothing else. */
export function listenerProgram(name: string, port: number): Program {
  const url = `tcp://127.0.0.1:${port}`;
  return {
    name,
    kind: 'server',
    command: process.execPath,
    args: [
      '-e',
      `require('node:net').createServer().listen(${port}, '127.0.0.1'); setTimeout(process.exit, ${END_AFTER_MS})`,
    ],
    env: {},
    ports: { [name]: port },
    url,
    stopSignal: 'SIGTERM',
    prepare: async () => undefined,
    ask: () => askListener(url, port),
  };
}
