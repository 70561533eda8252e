import { setTimeout as sleep } from 'node:timers/promises';
import { landed, pace } from '../load/flight.ts';
import { killService } from '../probe/processes.ts';
import type { Found } from './row.ts';
import { mostOf, type Stage } from './stage.ts';

const OVERLOAD_SECONDS = 8;

/** Three times as many transfers as ever got through, for some seconds, until the last is confirmed. */
export async function overload(stage: Stage): Promise<Found> {
  const crew = await stage.hire('P');
  const perSecond = mostOf(stage) * 3;
  const flight = stage.keep(await pace(crew, { assetId: crew.native, perSecond, seconds: OVERLOAD_SECONDS }));
  const rate = flight.taken.length / (await landed(flight));
  return {
    rows: { overload: rate / mostOf(stage) },
    notes: { 'overload.transfers_per_second': rate, 'overload.refused': flight.refused.length },
  };
}

const SECONDS = 20;
const KILLED_AFTER_MS = 6_000;

/** Half of the most, and the orchestrator is killed meanwhile: for how long was no wish recorded? */
export async function dip(stage: Stage): Promise<Found> {
  const crew = await stage.hire('P');
  const perSecond = Math.max(1, mostOf(stage) / 2);
  const flying = pace(crew, { assetId: crew.native, perSecond, seconds: SECONDS });
  await sleep(KILLED_AFTER_MS);
  const back = await killService('tx-orchestrator');
  await back();
  const flight = stage.keep(await flying);
  await landed(flight);
  const times = flight.taken.map(({ acceptedAt }) => acceptedAt).toSorted((a, b) => a - b);
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time));
  return { rows: { 'dip.kill': Math.max(...gaps) / 1_000 }, notes: { 'dip.refused': flight.refused.length } };
}
