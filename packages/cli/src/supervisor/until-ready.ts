import { setTimeout as sleep } from 'node:timers/promises';
import { parseJson } from '@ironforge/kernel';
import { z } from 'zod';
import { diskFull, trouble } from '../trouble.ts';
import type { Kept } from './keep-alive.ts';
import { lastLines } from './last-lines.ts';

/** How long to wait, whom to tell, and what ends the waiting; `folder` is named when the disk is full. */
export interface UntilReadyOptions {
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  readonly withinMs: number;
  readonly folder: string;
}

const ASK_EVERY_MS = 50;
const SAY_EVERY_MS = 3_000;
const DEATHS_THAT_ARE_ENOUGH = 3;

/** Waits until a started program answers; throws `start_failed` when it dies three times or stays silent. */
export async function untilReady(kept: Kept, options: UntilReadyOptions): Promise<void> {
  const startedAt = Date.now();
  let saidAt = startedAt;
  for (;;) {
    options.signal.throwIfAborted();
    const { program, restarts } = kept.state();
    const missing = await program.ask();
    if (missing === null) return;
    const now = Date.now();
    const silent = now - startedAt > options.withinMs ? missing : null;
    const why = restarts >= DEATHS_THAT_ARE_ENOUGH ? 'it ends again and again' : silent;
    if (why !== null) throw startFailed(kept, why, options.folder);
    if (now - saidAt >= SAY_EVERY_MS) {
      options.say(`${program.name} is starting, ${Math.round((now - startedAt) / 1_000)} s: ${missing}`);
      saidAt = now;
    }
    await sleep(ASK_EVERY_MS);
  }
}

function startFailed(kept: Kept, why: string, folder: string): Error {
  const { program, logFile } = kept.state();
  const said = lastLines(logFile, 40);
  if (/No space left|ENOSPC|enospc/.test(said)) return diskFull(folder);
  const last = said.split('\n').findLast((line) => line.trim() !== '');
  return trouble(
    'start_failed',
    `${program.name} did not start (${why}); its log ends with: ${last === undefined ? 'nothing' : sentenceOf(last)} (${logFile})`,
  );
}

const LogLine = z.object({ msg: z.string(), err: z.object({ message: z.string() }).optional() });

/** What a line of a log says to a person: our services write JSON, servers write text. */
function sentenceOf(line: string): string {
  const parsed = LogLine.safeParse(parseJson(line));
  if (!parsed.success) return line;
  const { msg, err } = parsed.data;
  return err === undefined ? msg : `${msg}: ${err.message}`;
}
