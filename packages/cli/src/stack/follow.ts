import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '@ironforge/kernel';
import type { Context } from '../context.ts';
import type { State } from '../supervisor/state-file.ts';

/** The supervisor that is followed: its state once there is one, and whether it has ended and with what to say. */
export interface Followed {
  readonly state: () => State | null;
  readonly ended: () => Promise<AppError | null>;
  /** How many of its lines were heard before. */
  readonly heard: number;
}

const LOOK_EVERY_MS = 50;

/** Says what another supervisor says while it starts; returns when it is ready and throws its problem when it failed. */
export async function follow({ say }: Context, { state, ended, heard }: Followed): Promise<void> {
  let said = heard;
  for (;;) {
    const fault = await ended();
    const seen = state();
    for (const line of seen?.lines.slice(said) ?? []) say(line);
    said = seen?.lines.length ?? said;
    if (seen?.problem) throw new AppError(seen.problem.code, { detail: seen.problem.detail });
    if (fault !== null) throw fault;
    if (seen?.phase === 'ready') return;
    await sleep(LOOK_EVERY_MS);
  }
}
