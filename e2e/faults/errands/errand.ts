import type { KeyedWallet } from '../../world/payment.ts';
import type { Stage } from '../stage.ts';

/** Where an errand is run. */
export interface Scene extends Stage {
  /** Pays for errands alone, one after the other. */
  readonly purse: KeyedWallet;
  /** Resolves when a process has died where this errand leads it. */
  readonly crashed: Promise<void>;
}

/** What leads a process to a step that payments alone do not lead to; it leaves nothing half done. */
export type Errand = (scene: Scene) => Promise<void>;

/** Does something again and again until the process has died. */
export async function untilCrashed({ crashed }: Scene, work: () => Promise<void>): Promise<void> {
  let isOver = false;
  const over = crashed.finally(() => {
    isOver = true;
  });
  over.catch(() => undefined); // who waits for it below is told
  while (!isOver) await work();
  await over;
}
