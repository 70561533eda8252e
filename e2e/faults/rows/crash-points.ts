import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CRASH_POINTS, type CrashPointName, isCrashPoint, testBuildEnv, waitUntil } from '@ironforge/testing';
import { mine } from '../../world/node.ts';
import { type KeyedWallet, openWallet } from '../../world/payment.ts';
import { present } from '../../world/present.ts';
import { ERRANDS } from '../errands/errands.ts';
import { replayDead } from '../errands/messages.ts';
import { DEEPEST_REORG } from '../errands/nodes.ts';
import { isBack, override, partNamed, strike } from '../fleet.ts';
import type { Row, Stage } from '../stage.ts';

const crashLog = join(present(process.env['IRONFORGE_HOME'], 'IRONFORGE_HOME'), 'crashes.log');

/** The points that some process has come to and died at, in this run. */
export function crashedAt(): readonly string[] {
  return existsSync(crashLog) ? readFileSync(crashLog, 'utf8').trim().split('\n') : [];
}

/** A full run comes to every point; any other to so large a part of each service's, chosen anew each time. */
const PART = process.env['IRONFORGE_FAULTS'] === 'full' ? 1 : 1 / 4;
const wanted = new Set<string>();

/** The points that this run chose. */
export function wantedPoints(): ReadonlySet<string> {
  return wanted;
}

const {
  'ironforge queues replay': OF_REPLAY,
  'tx-orchestrator': OF_ORCHESTRATOR,
  'chain-watcher-evm': OF_WATCHER,
  ...OF_OTHERS
} = CRASH_POINTS;

/**
 * Each service dies at each of its points in turn: orchestrator and watcher after the others, for while all die together
 * nothing gets as far as their points. At the end somebody's own program dies.
 */
export const crashPoints: Row = {
  name: 'crash points',
  rounds: { small: 1, full: 2 },
  play: async (stage, rounds) => {
    for (let round = 0; round < rounds; round += 1) {
      rmSync(crashLog, { force: true });
      await crashEach(stage, OF_OTHERS);
      await crashEach(stage, { 'tx-orchestrator': OF_ORCHESTRATOR, 'chain-watcher-evm': OF_WATCHER });
      for (const point of choose(stage, Object.keys(OF_REPLAY).filter(isCrashPoint)))
        await stage.inject(`crash at ${point}`, () => replayArmed(point));
    }
  },
};

/** Services side by side, each with somebody who pays for its errands. */
async function crashEach(stage: Stage, services: Readonly<Record<string, object>>): Promise<void> {
  const paths = Object.entries(services).map(async ([service, points]) => {
    const purse = await openWallet(stage.tenant);
    return { service, points: choose(stage, Object.keys(points).filter(isCrashPoint)), purse };
  });
  const ready = await Promise.all(paths);
  // What the purses hold is below every reorg of the errands.
  await mine(DEEPEST_REORG + 1);
  await Promise.all(
    ready.map(({ service, points, purse }) => crashAll({ ...stage, purse }, service, points)),
  );
}

/** In the order of the list, which is that of the steps. */
function choose({ chance }: Stage, points: readonly CrashPointName[]): CrashPointName[] {
  const count = Math.ceil(points.length * PART);
  const drawn = points.map((point) => ({ point, lot: chance() })).toSorted((a, b) => a.lot - b.lot);
  const chosen = new Set(drawn.slice(0, count).map(({ point }) => point));
  for (const point of chosen) wanted.add(point);
  return points.filter((point) => chosen.has(point));
}

/** A service and who pays for the errands that lead it to its points. */
type Path = Stage & { readonly purse: KeyedWallet };

/** Each death is the next one's birth: what is armed when a process dies, the supervisor starts next. */
async function crashAll(path: Path, service: string, points: readonly CrashPointName[]): Promise<void> {
  const { variables } = path.lines;
  const arm = (point: string | undefined) =>
    override(
      service,
      point === undefined ? variables : { ...variables, ...testBuildEnv({ crashAt: point, crashLog }) },
    );
  let { restarts } = partNamed(service);
  let errands = Promise.resolve();
  arm(points[0]);
  await path.inject(`kill -9 of ${service}`, async () => strike(service));
  for (const [index, point] of points.entries()) {
    restarts += 1;
    await waitUntil(`${service} is armed`, () => partNamed(service).restarts >= restarts);
    arm(points[index + 1]);
    const crashed = dies(point);
    errands = errands.then(() => ERRANDS[point]?.({ ...path, crashed }));
    const ledThere = errands;
    await path.inject(`crash at ${point}`, () => Promise.race([crashed, ledThere.then(() => crashed)]));
  }
  await isBack(service, restarts + 1);
  await errands;
}

/** Waits until a process has died there. */
async function dies(point: string): Promise<void> {
  await waitUntil(`a crash at ${point}`, () => crashedAt().includes(point), {
    timeoutMs: CRASHED_WITHIN_MS,
    intervalMs: 50,
  });
}

/** Ends what hangs: each service comes to the last of its points only after all the others. */
const CRASHED_WITHIN_MS = 400_000;

async function replayArmed(point: CrashPointName): Promise<void> {
  await replayDead(testBuildEnv({ crashAt: point, crashLog }));
  await dies(point);
}
