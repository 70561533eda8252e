import type { Crew } from '../load/crew.ts';
import { landed, rush } from '../load/flight.ts';
import { hasDatabase } from '../probe/database.ts';
import { idleWork, readWork, type Work, workBetween, workOfEach } from '../probe/work.ts';
import { barePartsOf } from '../raw/bare-parts.ts';
import { rawSends } from '../raw/node.ts';
import { rawRecoveries } from '../raw/signatures.ts';
import { type Found, merged } from './row.ts';
import type { Stage } from './stage.ts';

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
  const all = workBetween(before, await readWork());
  const each = workOfEach({ all, idle: trial.idle, count, seconds });
  const limit = await limitOf(each, assetId, count);
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

function countedRows({ roundTrips, commits, messages }: Work) {
  return { 'round_trips.F': roundTrips, 'commits.F': commits, 'messages.F': messages };
}

/** How many transfers a second there could be if nothing cost anything but what bare parts take for the same. */
async function limitOf(each: Work, assetId: string, count: number) {
  const sends = await rawSends(count, assetId);
  const recoveries = await rawRecoveries(BARE_RECOVERIES);
  const parts = await barePartsOf(each, count);
  const perSecond = 1 / (parts.seconds + 1 / recoveries + 1 / sends);
  return { perSecond, ...prefixed('raw', { ...parts.rates, sends, recoveries }) };
}

const BARE_RECOVERIES = 300;

function prefixed(name: string, values: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [`${name}.${key}`, value]));
}
