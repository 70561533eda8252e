import { randomInt } from 'node:crypto';
import { CRASH_POINTS } from '@ironforge/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { environment } from '../world/environment.ts';
import { isBack, override, partNamed, strike } from './fleet.ts';
import { type Lines, openLines } from './lines.ts';
import { file } from './report.ts';
import { cache } from './rows/cache.ts';
import { outsideSpends, reorgs } from './rows/chain.ts';
import { clocks } from './rows/clocks.ts';
import { crashedAt, crashPoints, wantedPoints } from './rows/crash-points.ts';
import { commits } from './rows/database.ts';
import { disk } from './rows/disk.ts';
import { hasImmudb, immudb } from './rows/immudb.ts';
import { links } from './rows/links.ts';
import { messages } from './rows/messages.ts';
import { nodes } from './rows/nodes.ts';
import { owners } from './rows/owners.ts';
import { deadServers, deadServices, rollingRestart } from './rows/processes.ts';
import { perform, type Row, type Theatre } from './stage.ts';
import { hirePayers } from './traffic.ts';

const isFull = process.env['IRONFORGE_FAULTS'] === 'full';
const ALL_POINTS = Object.values(CRASH_POINTS).flatMap(Object.keys);
const services = environment.services.map(({ name }) => name);

/** The first makes every service use our proxies: that is what they are started with when they are killed. */
const SMALL: readonly Row[] = [
  deadServices,
  deadServers,
  crashPoints,
  links,
  commits,
  messages,
  cache,
  nodes,
  reorgs,
  outsideSpends,
  owners,
  ...(hasImmudb ? [immudb] : []),
];
/** Played in the full run alone: they restart all services again and again, which takes a minute for few faults. */
const FULL: readonly Row[] = [...SMALL, rollingRestart, disk, clocks];
const ROWS = isFull ? FULL : SMALL;

const WITHOUT_IMMUDB = 'There is no immudb on this machine that could be killed: its row is left out.';

let injected = 0;
let theatre: Theatre;
let lines: Lines;
beforeAll(async () => {
  if (!hasImmudb) process.stderr.write(`${WITHOUT_IMMUDB}\n`);
  lines = await openLines();
  const payers = await hirePayers();
  for (const service of services) override(service, lines.variables);
  theatre = { ...payers, lines, isFull, known: new Set(), outages: [] };
});
afterAll(async () => {
  for (const service of services) override(service, null);
  await Promise.all(
    services.map(async (service) => {
      const { restarts } = partNamed(service);
      strike(service);
      await isBack(service, restarts + 1);
    }),
  );
  await lines[Symbol.asyncDispose]();
});

it.for(ROWS)('payments under way survive: $name', async (row, { annotate }) => {
  const report = await perform(row, theatre, Number(process.env['FAULTS_SEED'] ?? randomInt(2 ** 31)));
  file(report);
  injected += report.injected;
  await annotate(JSON.stringify(report));
  expect(report.violations).toEqual([]);
  expect(Object.values(report.kinds)).not.toContain(0);
  expect(report.injected).toBeGreaterThan(0);
});

it('there were as many faults as are promised', () => {
  expect(injected).toBeGreaterThanOrEqual(isFull ? 1_000 : 75);
});

it('no crash point was left untried, in a full run; in any other none of those that were chosen', () => {
  expect(new Set(crashedAt())).toEqual(wantedPoints());
  expect(wantedPoints().size).toBeGreaterThanOrEqual(isFull ? ALL_POINTS.length : ALL_POINTS.length / 4);
});
