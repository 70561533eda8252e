import type { TreeHead } from '@ironforge/audit-log';
import { parseJson, type TenantId } from '@ironforge/kernel';
import type { Tx } from '@ironforge/store';
import { z } from 'zod';
import {
  entriesOfDeposits,
  entriesOfOutside,
  type MinedWanted,
  newestOfMinedRequests,
  type SealedEntry,
} from '../queries/mined-entries.ts';
import { asSealed } from './as-sealed.ts';

/** The entry that says something. */
export interface EntryRef {
  readonly id: string;
  readonly sequence: number;
}

/** What the newest entry of a request says of it. */
export type ToldRequest = z.output<typeof request> & { readonly entry: EntryRef };

/** What the newest entry of a deposit says of it. */
export type ToldDeposit = z.output<typeof deposit> & { readonly entry: EntryRef };

/** What the entries say of some blocks. */
export interface Told {
  readonly requests: readonly ToldRequest[];
  readonly deposits: readonly ToldDeposit[];
  /** What wallets sent without us. */
  readonly outside: readonly { readonly txHash: string; readonly entry: EntryRef }[];
  /** Entries whose texts are not those that were sealed: what these say counts for nothing. */
  readonly altered: readonly EntryRef[];
}

/** What entries are asked for, under the head that was signed over them. */
export interface ToldWanted extends Omit<MinedWanted, 'size'> {
  readonly head: TreeHead;
}

/** Reads what the entries say, from their texts as they were sealed: the columns only find them. Four queries. */
export async function toldByEntries(
  tx: Tx,
  tenantId: TenantId,
  { head, ...asked }: ToldWanted,
): Promise<Told> {
  const wanted = { ...asked, size: head.size };
  const [requests, deposits, outside] = await Promise.all([
    newestOfMinedRequests(tx, tenantId, wanted),
    entriesOfDeposits(tx, tenantId, wanted),
    entriesOfOutside(tx, tenantId, wanted),
  ]);
  const all = [...requests, ...deposits, ...outside];
  const isSealed = await asSealed(tx, tenantId, { entries: all, head });
  const told = deposits.filter(isSealed).map((row) => ({ ...detailsIn(row, deposit), entry: refOf(row) }));
  return {
    requests: requests.filter(isSealed).map((row) => ({
      ...detailsIn(row, z.object({ request })).request,
      entry: refOf(row),
    })),
    deposits: newest(told),
    outside: outside.filter(isSealed).map((row) => ({ ...detailsIn(row, spentOutside), entry: refOf(row) })),
    altered: all.filter((row) => !isSealed(row)).map(refOf),
  };
}

const request = z.object({
  id: z.string(),
  status: z.string(),
  reason: z.string().nullable(),
  txHash: z.string().nullable(),
  blockHeight: z.int().nullable(),
});

const deposit = z.object({
  depositId: z.string(),
  version: z.int(),
  walletId: z.string(),
  kind: z.string(),
  txHash: z.string().nullable(),
  index: z.int(),
  amount: z.string(),
  loggedAmount: z.string().nullable(),
  blockHeight: z.int().nullable(),
  blockHash: z.string().nullable(),
});

const spentOutside = z.object({ txHash: z.string() });

function detailsIn<Schema extends z.ZodType>({ canonical }: SealedEntry, schema: Schema): z.output<Schema> {
  return schema.parse(entry.parse(parseJson(canonical)).details);
}

const entry = z.object({ details: z.unknown() });

function refOf({ id, sequence }: SealedEntry): EntryRef {
  return { id, sequence: Number(sequence) };
}

/** Of each deposit the highest version: they may come in any order. */
function newest(told: readonly ToldDeposit[]): ToldDeposit[] {
  const byDeposit = new Map<string, ToldDeposit>();
  for (const one of told) {
    const known = byDeposit.get(one.depositId);
    if (known === undefined || known.version <= one.version) byDeposit.set(one.depositId, one);
  }
  return [...byDeposit.values()];
}
