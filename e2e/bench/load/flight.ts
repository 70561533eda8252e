import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '@ironforge/testing';
import { z } from 'zod';
import { hasDatabase, queryOne } from '../probe/database.ts';
import type { Crew, Payer } from './crew.ts';
import { Refused, type Taken, transfer } from './transfer.ts';

/** Transfers that were asked for, and what became of the asking. */
export interface Flight {
  readonly crew: Crew;
  readonly startedAt: number;
  readonly taken: readonly Taken[];
  readonly refused: readonly string[];
}

/** So many transfers as fast as this many workers get them through. */
export interface Rush {
  readonly assetId: string;
  readonly count: number;
  readonly workers?: number;
}

const WORKERS = 40;

/** Sends transfers one behind the other in each of the workers; the payers take turns. */
export async function rush(crew: Crew, { assetId, count, workers = WORKERS }: Rush): Promise<Flight> {
  const flight = begin(crew);
  let next = 0;
  const work = async () => {
    while (next < count) await flight.fly(payerAt(crew, next++), assetId);
  };
  await Promise.all(Array.from({ length: workers }, work));
  return flight.end();
}

/** So many transfers a second for so long, whatever becomes of those before. */
export interface Pace {
  readonly assetId: string;
  readonly perSecond: number;
  readonly seconds: number;
}

/** Starts transfers at an even pace and waits for the answers to all. */
export async function pace(crew: Crew, { assetId, perSecond, seconds }: Pace): Promise<Flight> {
  const flight = begin(crew);
  const flying: Promise<void>[] = [];
  for (let index = 0; index < perSecond * seconds; index += 1) {
    const dueMs = flight.startedAt + (index * 1_000) / perSecond;
    if (dueMs > performance.now()) await sleep(dueMs - performance.now());
    flying.push(flight.fly(payerAt(crew, index), assetId));
  }
  await Promise.all(flying);
  return flight.end();
}

function begin(crew: Crew) {
  const startedAt = performance.now();
  const taken: Taken[] = [];
  const refused: string[] = [];
  return {
    startedAt,
    fly: async (payer: Payer, assetId: string): Promise<void> => {
      try {
        taken.push(await transfer(crew, payer, assetId));
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        refused.push(String(error));
      }
    },
    end: (): Flight => ({ crew, startedAt, taken, refused }),
  };
}

function payerAt({ payers }: Crew, index: number): Payer {
  const payer = payers[index % payers.length];
  if (payer === undefined) throw new Error('a crew has payers');
  return payer;
}

/** Waits until all are confirmed; gives the seconds since the first was asked for. */
export async function landed({ crew, startedAt, taken }: Flight, before = 0): Promise<number> {
  const wanted = before + taken.length;
  const isDone = async () => (await confirmedOf(crew)) >= wanted;
  await waitUntil(`${wanted} are confirmed`, isDone, { timeoutMs: 600_000, intervalMs: 50 });
  return (performance.now() - startedAt) / 1_000;
}

/** How many requests of a crew are confirmed, or settled in any other way. */
export async function confirmedOf(crew: Crew): Promise<number> {
  return hasDatabase ? await countRows(crew) : await countByApi(crew);
}

const Count = z.object({ count: z.coerce.number() });

async function countRows({ tenant }: Crew): Promise<number> {
  const text = `SELECT count(*) FROM tx_requests WHERE tenant_id = $1 AND status = 'confirmed'`;
  return (await queryOne(Count, text, [tenant.id])).count;
}

const Page = z.object({ data: z.array(z.unknown()), nextCursor: z.string().nullable() });

async function countByApi({ operator }: Pick<Crew, 'operator'>, cursor = ''): Promise<number> {
  const place = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
  const { body } = await operator.send('GET', `/v1/transactions?status=confirmed&limit=200${place}`);
  const { data, nextCursor } = Page.parse(body);
  return data.length + (nextCursor === null ? 0 : await countByApi({ operator }, nextCursor));
}
