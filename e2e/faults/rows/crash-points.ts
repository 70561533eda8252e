import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CRASH_POINTS, testBuildEnv, waitUntil } from '@ironforge/testing';
import { askNode } from '../../world/node.ts';
import { present } from '../../world/present.ts';
import { isBack, override, partNamed, strike } from '../fleet.ts';
import type { Row, Stage } from '../stage.ts';

const crashLog = join(present(process.env['IRONFORGE_HOME'], 'IRONFORGE_HOME'), 'crashes.log');

/** The points that some process has come to and died at, in this run. */
export function crashedAt(): readonly string[] {
  return existsSync(crashLog) ? readFileSync(crashLog, 'utf8').trim().split('\n') : [];
}

/** Each service dies at each of its points in turn; a reorg now and then brings the watcher to those of undoing. */
export const crashPoints: Row = {
  name: 'crash points',
  rounds: { small: 1, full: 2 },
  play: async (stage, rounds) => {
    for (let round = 0; round < rounds; round += 1) {
      rmSync(crashLog, { force: true });
      const services = Map.groupBy(Object.entries(CRASH_POINTS), ([, { service }]) => service);
      await Promise.all(
        [...services].map(([service, points]) =>
          crashAll(
            stage,
            service,
            points.map(([name]) => name),
          ),
        ),
      );
    }
  },
};

/** Each death is the next one's birth: what is armed when a process dies, the supervisor starts next. */
async function crashAll(stage: Stage, service: string, points: readonly string[]): Promise<void> {
  const { variables } = stage.lines;
  const arm = (point: string | undefined) =>
    override(
      service,
      point === undefined ? variables : { ...variables, ...testBuildEnv({ crashAt: point, crashLog }) },
    );
  let { restarts } = partNamed(service);
  arm(points[0]);
  await stage.inject(`kill -9 of ${service}`, async () => strike(service));
  for (const [index, point] of points.entries()) {
    restarts += 1;
    await waitUntil(`${service} is armed`, () => partNamed(service).restarts >= restarts);
    arm(points[index + 1]);
    await stage.inject(`crash at ${point}`, () => crash(point));
  }
  await isBack(service, restarts + 1);
}

/** Long enough for the watcher to follow one before the next comes. */
const REORG_EVERY_MS = 15_000;
const DEEPEST_REORG = 7;

/** Waits until a process has died there. A reorg leads to the steps of undoing, one that reaches below where the watcher is. */
async function crash(point: string): Promise<void> {
  let dueAt = 0;
  let depth = 2;
  await waitUntil(
    `a crash at ${point}`,
    async () => {
      if (NEEDS_REORG.test(point) && Date.now() > dueAt) {
        dueAt = Date.now() + REORG_EVERY_MS;
        depth = Math.min(DEEPEST_REORG, depth + 1);
        await askNode('anvil_reorg', depth, []);
      }
      return crashedAt().includes(point);
    },
    { timeoutMs: CRASHED_WITHIN_MS, intervalMs: 50 },
  );
}

/** Ends what hangs: each service comes to the last of its points only after all the others. */
const CRASHED_WITHIN_MS = 400_000;
const NEEDS_REORG = /^undo\.|^balance\./;
