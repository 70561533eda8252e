import { migrateDown, migrateUp, migrationStatus } from '@ironforge/schema';
import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { ownerUrl } from '../stack/owner-url.ts';
import { trouble } from '../trouble.ts';

interface Options {
  readonly json?: true;
  readonly count?: string;
  readonly yes?: true;
}

/** Adds `migrate up|down|status`, on the database of DATABASE_URL (the owner's role) or of the running installation. */
export function addMigrateCommand(program: Command, context: Context): void {
  const migrate = program
    .command('migrate')
    .description('move the database schema; services start only on the newest');
  migrate
    .command('up')
    .description('apply what is pending')
    .option('--json', 'print one JSON object')
    .action(async ({ json }: Options) => {
      const applied = await migrateUp(await ownerUrl(context), {
        onMigration: (name) => context.say(`up ${name}`),
      });
      context.print(json ? JSON.stringify({ applied }) : `${applied.length} applied`);
    });
  migrate
    .command('down')
    .description('undo the newest')
    .option('--count <n>', 'how many to undo', '1')
    .option('--yes', 'do not ask; needed where nobody can be asked')
    .option('--json', 'print one JSON object')
    .action((options: Options) => down(context, options));
  migrate
    .command('status')
    .description('list the migrations and which are applied')
    .option('--json', 'print one JSON object')
    .action(async ({ json }: Options) => {
      const migrations = await migrationStatus(await ownerUrl(context));
      if (json) return context.print(JSON.stringify({ migrations }));
      for (const { name, state } of migrations) context.print(`${state.padEnd(8)} ${name}`);
    });
}

async function down(context: Context, { json, yes, ...options }: Options): Promise<void> {
  const count = wholeNumber(options.count ?? '1');
  if (!yes) await askFirst(context, count);
  const onMigration = (name: string) => context.say(`down ${name}`);
  const undone = await migrateDown(await ownerUrl(context), { count, onMigration });
  context.print(json ? JSON.stringify({ undone }) : `${undone.length} undone`);
}

/** What a migration made goes with all that is in it, and no backup is taken. */
async function askFirst({ confirm }: Context, count: number): Promise<void> {
  if (confirm === null)
    throw trouble('usage', 'This loses what the undone migrations hold: say --yes, or ask from a terminal');
  const which = count === 1 ? 'migration' : `${count} migrations`;
  if (!(await confirm(`Undo the newest ${which}, with all that is in their tables and columns?`)))
    throw trouble('failed', 'Nothing was undone');
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw trouble('usage', '--count must be a whole number above 0');
}
