import { z } from 'zod';
import { environment } from '../../world/environment.ts';
import { type Chain, readChain } from './chain.ts';
import { type Database, readDatabase, type Tenants } from './database.ts';
import { type Queues, readQueues } from './queues.ts';

const Envelope = z.object({
  id: z.string(),
  type: z.string(),
  subject: z.string(),
  time: z.string(),
  tenantid: z.string(),
  aggregateversion: z.int(),
  actortype: z.string(),
  actorid: z.string(),
  requestid: z.string().optional(),
  clientip: z.string().optional(),
  useragent: z.string().optional(),
  data: z.unknown(),
});

/** A message of the outbox with its body taken apart. */
export type Message = Database['outbox'][number] & { readonly event: z.output<typeof Envelope> };

/** A while in which something that decides was away; nothing may have been signed off then. */
export interface Outage {
  readonly what: string;
  readonly from: Date;
  readonly to: Date;
}

/** Everything that the promises are about, read once, from the database, the chain and the broker. */
export interface Facts extends Database {
  readonly chain: Chain;
  readonly queues: Queues;
  /** The database in immudb that has the second copy of the audit logs; null where there is none. */
  readonly copiedInto: string | null;
  readonly messages: readonly Message[];
  readonly outages: readonly Outage[];
  /** Of requests whose making was answered with success. */
  readonly acknowledged: readonly string[];
  /** Texts that may stand in no log, no message and no audit entry. */
  readonly secrets: readonly string[];
  readonly logFiles: readonly string[];
}

/** What the reader knows that no part of the installation can tell. */
export interface Knowledge extends Tenants {
  readonly outages?: readonly Outage[];
  readonly acknowledged?: readonly string[];
  readonly secrets?: readonly string[];
}

/** Reads the facts: rows first, then the chain, which only grows meanwhile. */
export async function readFacts(knowledge: Knowledge): Promise<Facts> {
  const database = await readDatabase(environment.databaseUrl, knowledge);
  const addresses = [...new Set(database.wallets.map(({ address }) => address))];
  const [chain, queues] = await Promise.all([readChain(addresses), readQueues()]);
  return {
    ...database,
    chain,
    queues,
    copiedInto: environment.immudb?.database ?? null,
    messages: database.outbox.map((row) => ({ ...row, event: Envelope.parse(JSON.parse(row.body)) })),
    outages: knowledge.outages ?? [],
    acknowledged: knowledge.acknowledged ?? [],
    secrets: [...(knowledge.secrets ?? []), ...secretsOfPeople()],
    logFiles: [...environment.services, ...environment.servers].map(({ logFile }) => logFile),
  };
}

function secretsOfPeople(): string[] {
  return environment.users.flatMap(({ password, apiKey }) => [password, apiKey]);
}
