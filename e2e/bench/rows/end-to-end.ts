import { setTimeout as sleep } from 'node:timers/promises';
import type { Crew } from '../load/crew.ts';
import { landed, rush } from '../load/flight.ts';
import { hasDatabase, NO_WORK, readWork, timesWork, type Work, workBetween } from '../probe/database.ts';
import { rawDeliveries, rawPublishes } from '../raw/broker.ts';
import { rawExpress } from '../raw/express.ts';
import { rawCalls, rawSends } from '../raw/node.ts';
import { rawRecoveries } from '../raw/signatures.ts';
import { rawBundles } from '../raw/statements.ts';
import { type Found, merged } from './row.ts';
import type { Stage } from './stage.ts';

const IDLE_SECONDS = 5;
const ASSETS = ['native', 'erc20'] as const;

/** Rates of both assets under a profile, as parts of what the raw stages allow in the same minutes. */
export async function endToEnd(stage: Stage, profile: Crew['profile']): Promise<Found> {
  const idle = await idleWork();
  const found: Found[] = [];
  for (const asset of ASSETS) found.push(await oneAsset(stage, { profile, asset, idle }));
  return merged(found);
}

interface Trial {
  readonly profile: Crew['profile'];
  readonly asset: (typeof ASSETS)[number];
  /** What the services ask by themselves in a second. */
  readonly idle: Work;
}

async function oneAsset(stage: Stage, trial: Trial): Promise<Found> {
  const { profile, asset } = trial;
  const name = `${profile}.${asset}` as const;
  const crew = await stage.hire(profile);
  const assetId = asset === 'native' ? crew.native : crew.token;
  const count = stage.options.transfers;
  await settled(stage.keep(await rush(crew, { assetId, count: WARM_UP })), 0);
  const before = await work();
  const flight = stage.keep(await rush(crew, { assetId, count }));
  const seconds = await settled(flight, WARM_UP);
  const rate = flight.taken.length / seconds;
  if (name === 'P.native') stage.most = rate;
  const notes = { [`${name}.transfers_per_second`]: rate };
  if (before === null) return { rows: {}, notes };
  const each = perTransfer(workBetween(before, await readWork()), { ...trial, count, seconds });
  const limit = await limitOf(each, { assetId, count: stage.options.transfers });
  const counted = profile === 'F' && asset === 'native' ? countedRows(each) : {};
  return {
    rows: { [`end_to_end.${name}`]: rate / limit.perSecond, ...counted },
    notes: { ...notes, ...prefixed(name, { ...each, ...limit }) },
  };
}

const WARM_UP = 20;

async function settled(flight: Awaited<ReturnType<typeof rush>>, before: number): Promise<number> {
  if (flight.refused.length > 0) throw new Error(`a transfer was refused: ${flight.refused[0]}`);
  return await landed(flight, before);
}

async function work(): Promise<Work | null> {
  return hasDatabase ? await readWork() : null;
}

async function idleWork(): Promise<Work> {
  if (!hasDatabase) return NO_WORK;
  const before = await readWork();
  await sleep(IDLE_SECONDS * 1_000);
  const all = workBetween(before, await readWork());
  return timesWork(all, 1 / IDLE_SECONDS);
}

/** What one transfer asks for, without what would have been asked anyway. */
function perTransfer(
  all: Work,
  { idle, count, seconds }: Trial & { readonly count: number; readonly seconds: number },
): Work {
  return timesWork(workBetween(timesWork(idle, seconds), all), 1 / count);
}

function countedRows({ roundTrips, commits, messages }: Work) {
  return { 'round_trips.F': roundTrips, 'commits.F': commits, 'messages.F': messages };
}

interface Bounds {
  readonly assetId: string;
  readonly count: number;
}

/** How many transfers a second there could be if nothing cost anything but what bare parts take for the same. */
async function limitOf(each: Work, { assetId, count }: Bounds) {
  const sends = await rawSends(count, assetId);
  const bundle = {
    roundTrips: each.roundTrips,
    transactions: each.commits + each.reads,
    statements: each.statements,
    reading: each.selects / each.statements,
  };
  const bundles = await rawBundles(count, bundle);
  const publishes = await rawPublishes(count * MESSAGES_EACH);
  const deliveries = await rawDeliveries(count * MESSAGES_EACH);
  const nodeCalls = await rawCalls(BARE_CALLS);
  const requests = await rawExpress(BARE_REQUESTS, { body: { assetId }, answer: { assetId, ...bundle } });
  const recoveries = await rawRecoveries(BARE_RECOVERIES);
  const seconds = [
    each.requests / requests,
    1 / recoveries,
    1 / bundles,
    each.messages / publishes,
    each.deliveries / deliveries,
    each.nodeCalls / nodeCalls,
    1 / sends,
  ];
  const perSecond = 1 / seconds.reduce((sum, one) => sum + one, 0);
  const rates = { sends, bundles, publishes, deliveries, nodeCalls, requests, recoveries };
  return { perSecond, ...prefixed('raw', rates) };
}

const BARE_REQUESTS = 2_000;
const BARE_RECOVERIES = 300;
const BARE_CALLS = 3_000;
const MESSAGES_EACH = 5;

function prefixed(name: string, values: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [`${name}.${key}`, value]));
}
