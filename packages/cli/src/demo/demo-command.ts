import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { environment } from '@ironforge/contracts';
import type { Command } from 'commander';
import type { Context } from '../context.ts';
import type { Home } from '../home.ts';
import { environmentOf } from '../stack/environment.ts';
import { join } from '../stack/join.ts';
import { openStack } from '../stack/open-stack.ts';
import { startDetached } from '../stack/start-detached.ts';
import { endSignal } from '../stack/end-signal.ts';
import { readState } from '../supervisor/state-file.ts';
import { asTrouble, EXIT_CODES } from '../trouble.ts';
import { tellMachine, tellPerson } from './narrator.ts';
import { perform } from './perform.ts';
import { refuseLeftOut } from './refuse-left-out.ts';
import { createStage } from './stage.ts';

interface DemoOptions {
  readonly json?: true;
  readonly keep?: true;
}

/** Adds `demo`: real money moves on a real node, step by step. Exit code 0 only if all of it happened. */
export function addDemoCommand(program: Command, context: Context): void {
  program
    .command('demo')
    .description('tell the story of one payment on real parts, and check every step')
    .option('--json', 'one JSON object a step, and last { ok, steps, ms }')
    .option('--keep', 'leave the installation running afterwards')
    .action(async ({ json, keep }: DemoOptions) => {
      const play = () => playStory(context, json === true ? tellMachine : tellPerson);
      const ok = keep ? await playAndKeep(context, play) : await playAndStop(context, play);
      process.exitCode = ok ? 0 : EXIT_CODES.failed;
    });
}

type Playing = () => Promise<boolean>;

async function playAndKeep(context: Context, play: Playing): Promise<boolean> {
  await startDetached(context);
  const ok = await play();
  context.say('It keeps running: ./ironforge status shows it, ./ironforge down stops it.');
  return ok;
}

/** An installation that runs already is played on and left as it was. */
async function playAndStop(context: Context, play: Playing): Promise<boolean> {
  using ended = endSignal();
  const stack = await openStack(context, ended.signal);
  if (stack === null) {
    await join(context);
    return await play();
  }
  await stack.startServices();
  try {
    return await Promise.race([play(), interruption(ended.signal, context.home)]);
  } finally {
    await stack.stop();
  }
}

async function interruption(signal: AbortSignal, { dir }: Home): Promise<never> {
  await once(signal, 'abort');
  throw asTrouble(signal.reason, dir);
}

async function playStory({ home, print }: Context, narrator: typeof tellPerson): Promise<boolean> {
  refuseLeftOut(readState(home)?.connection?.usersLeftOut ?? []);
  const folder = mkdtempSync(joinPath(tmpdir(), 'ironforge-demo-'));
  try {
    const stage = createStage(environment.parse(await environmentOf(home)), home.root, folder);
    return await perform(stage, narrator(print), () => performance.now());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
