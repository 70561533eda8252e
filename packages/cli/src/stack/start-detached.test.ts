import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import type { Context } from '../context.ts';
import { holdHome } from '../supervisor/hold.ts';
import { temporaryHome } from '../supervisor/listener.fixture.ts';
import { writeState } from '../supervisor/state-file.ts';
import { join } from './join.ts';
import { createRecord } from './record.ts';
import { startDetached } from './start-detached.ts';

const home = temporaryHome();
afterAll(() => rmSync(home.dir, { recursive: true }));
const JOINING = 'IronForge runs already; joining it';
/** No process had this one's start. */
const GONE = { pid: process.pid, startedAt: 'before' };

it('joins the one that was started in the same moment and had the installation first', async () => {
  const { context, heard } = played();
  const started = startDetached(context);
  const log = joinPath(home.log, 'supervisor.log');
  await until(() => existsSync(log));
  const hold = await holdHome(home);
  const record = createRecord({ ...context, say: () => undefined });
  await until(() => heard.includes(JOINING) || readFileSync(log, 'utf8').includes(JOINING));
  record.say('Starting the services');
  record.change({ phase: 'ready' });
  await expect(started).resolves.toBeUndefined();
  expect(heard).toEqual([JOINING, 'Starting the services']);
  await hold?.release();
});

it('does not take what an ended start has left for what the one says that it joins', async () => {
  const { context, heard } = played();
  const problem = { code: 'start_failed', detail: 'yesterday' };
  const left = { lines: ['yesterday'], sources: {}, parts: [], connection: null };
  writeState(home, { supervisor: GONE, phase: 'failed', problem, ...left });
  const hold = await holdHome(home);
  const joined = join(context);
  await Promise.race([sleep(150), joined]);
  const record = createRecord({ ...context, say: () => undefined });
  record.say('Starting');
  record.change({ phase: 'ready' });
  await expect(joined).resolves.toBeUndefined();
  expect(heard).toEqual([JOINING, 'Starting']);
  await hold?.release();
});

function played() {
  const heard: string[] = [];
  const env = { ...process.env, IRONFORGE_HOME: home.dir };
  const say = (line: string) => void heard.push(line);
  const context: Context = { env, home, print: () => undefined, say, confirm: null };
  return { heard, context };
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(10);
}
