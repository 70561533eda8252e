import type { Command } from 'commander';
import { Client } from 'pg';
import type { Context } from '../context.ts';
import { ownerUrl } from '../stack/owner-url.ts';
import { trouble } from '../trouble.ts';
import { replayOutbox } from './replay-outbox.ts';

interface Options {
  readonly since: string;
  readonly service?: string;
  readonly json?: true;
}

/** Adds `outbox replay`: has what a broker lost published again, on DATABASE_URL (the owner's) or the running installation. */
export function addOutboxCommand(program: Command, context: Context): void {
  program
    .command('outbox')
    .description('what the services have said')
    .command('replay')
    .description('publish again what was published since a time: readers drop what they have taken in before')
    .requiredOption('--since <time>', 'a time of the broker’s loss or before it, in ISO 8601')
    .option('--service <name>', 'of this service alone')
    .option('--json', 'print one JSON object')
    .action((options: Options) => replay(context, options));
}

async function replay(context: Context, { since, service, json }: Options): Promise<void> {
  const from = new Date(since);
  if (Number.isNaN(from.getTime()))
    throw trouble('usage', '--since must be a time, such as 2026-01-31T12:00Z');
  const keptDays = daysOf(context.env['RETENTION_DAYS'] ?? '30');
  const client = new Client({ connectionString: await ownerUrl(context) });
  await client.connect();
  try {
    const replayed = await replayOutbox(client, { since: from, service: service ?? null, keptDays });
    context.print(json ? JSON.stringify({ replayed }) : `${replayed} messages are published again`);
  } finally {
    await client.end();
  }
}

function daysOf(text: string): number {
  const days = Number(text);
  if (Number.isInteger(days) && days > 0) return days;
  throw trouble('usage', 'RETENTION_DAYS must be a whole number above 0');
}
