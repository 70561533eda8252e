import { setTimeout as sleep } from 'node:timers/promises';
import type { Crew } from '../load/crew.ts';
import { landed, rush } from '../load/flight.ts';
import { hasDatabase, readWork, type Work, workBetween } from '../probe/database.ts';
import { rawPublishes } from '../raw/broker.ts';
import { rawExpress } from '../raw/express.ts';
import { rawSends } from '../raw/node.ts';
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
  const limit = await limitOf(each, { assetId, count: stage.options.transfers, calls: CALLS[profile] });
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
  if (!hasDatabase)
    return { roundTrips: 0, statements: 0, commits: 0, reads: 0, selects: 0, execMs: 0, messages: 0 };
  const before = await readWork();
  await sleep(IDLE_SECONDS * 1_000);
  const all = workBetween(before, await readWork());
  return scaled(all, 1 / IDLE_SECONDS);
}

/** What one transfer asks for, without what would have been asked anyway. */
function perTransfer(
  all: Work,
  { idle, count, seconds }: Trial & { readonly count: number; readonly seconds: number },
): Work {
  return scaled(workBetween(scaled(idle, seconds), all), 1 / count);
}

function scaled(one: Work, factor: number): Work {
  const { roundTrips, statements, commits, reads, selects, execMs, messages } = one;
  return {
    roundTrips: roundTrips * factor,
    statements: statements * factor,
    commits: commits * factor,
    reads: reads * factor,
    selects: selects * factor,
    execMs: execMs * factor,
    messages: messages * factor,
  };
}

function countedRows({ roundTrips, commits, messages }: Work) {
  return { 'round_trips.F': roundTrips, 'commits.F': commits, 'messages.F': messages };
}

/** What clients ask for one transfer: wish, payload and signature; drafts are submitted and approved twice besides. */
const CALLS = { P: 3, F: 6 } as const;

interface Bounds {
  readonly assetId: string;
  readonly count: number;
  readonly calls: number;
}

/** How many transfers a second there could be if nothing cost anything but calls, signatures, node, statements and publishes. */
async function limitOf(each: Work, { assetId, count, calls }: Bounds) {
  const sends = await rawSends(count, assetId);
  const bundle = {
    roundTrips: each.roundTrips,
    transactions: each.commits + each.reads,
    statements: each.statements,
    reading: each.selects / each.statements,
  };
  const bundles = await rawBundles(count, bundle);
  const publishes = await rawPublishes(count * PUBLISHES_EACH);
  const requests = await rawExpress(BARE_REQUESTS, { body: { assetId }, answer: { assetId, ...bundle } });
  const recoveries = await rawRecoveries(BARE_RECOVERIES);
  const perSecond =
    1 / (1 / sends + 1 / bundles + each.messages / publishes + calls / requests + 1 / recoveries);
  return { perSecond, sends, bundles, publishes, requests, recoveries };
}

const BARE_REQUESTS = 2_000;
const BARE_RECOVERIES = 300;
const PUBLISHES_EACH = 5;

function prefixed(name: string, values: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [`${name}.${key}`, value]));
}
