import { join } from 'node:path';
import { Command } from 'commander';
import { z } from 'zod';
import type { Context } from './context.ts';
import type { Home } from './home.ts';
import { readJson } from './json-file.ts';

/**
 * The command line for these arguments: with the command that they name, whose module alone is loaded, or with all commands when they
 * name none. It never ends the process by itself.
 */
export async function createProgram(context: Context, args: readonly string[]): Promise<Command> {
  const program = new Command('ironforge')
    .description('IronForge, a keyless back end for teams that move crypto assets')
    .version(versionIn(context.home), '--version', 'print the version')
    .addHelpText('after', EXIT_CODES_HELP)
    .showHelpAfterError('(./ironforge --help lists the commands)')
    .exitOverride();
  for (const load of wantedBy(args)) (await load())(program, context);
  return program;
}

type AddCommand = (program: Command, context: Context) => void;

type LoadCommand = () => Promise<AddCommand>;

/** Every module of commands, by the names of these, in the order in which the help lists them. */
const COMMANDS: readonly (readonly [names: readonly string[], load: LoadCommand])[] = [
  [['up'], async () => (await import('./commands/up.ts')).addUpCommand],
  [['down'], async () => (await import('./commands/down.ts')).addDownCommand],
  [['status'], async () => (await import('./commands/status.ts')).addStatusCommand],
  [['queues'], async () => (await import('./commands/queues.ts')).addQueuesCommand],
  [['outbox'], async () => (await import('./outbox/outbox-command.ts')).addOutboxCommand],
  [['env'], async () => (await import('./commands/env.ts')).addEnvCommand],
  [['demo'], async () => (await import('./demo/demo-command.ts')).addDemoCommand],
  [['new-keystore', 'sign'], async () => (await import('./sign/sign-command.ts')).addSignCommands],
  [['reconcile'], async () => (await import('./reconcile/reconcile-command.ts')).addReconcileCommand],
  [['audit'], async () => (await import('./audit/audit-command.ts')).addAuditCommands],
  [['verify'], async () => (await import('./verify/verify-command.ts')).addVerifyCommand],
  [['audit-key'], async () => (await import('./commands/audit-key.ts')).addAuditKeyCommand],
  [['witness', 'witness-key'], async () => (await import('./witness/witness-command.ts')).addWitnessCommands],
  [['test'], async () => (await import('./commands/test.ts')).addTestCommand],
  [['oracle'], async () => (await import('./commands/oracle.ts')).addOracleCommand],
  [['bench'], async () => (await import('./commands/bench.ts')).addBenchCommand],
  [['doctor'], async () => (await import('./commands/doctor.ts')).addDoctorCommand],
  [['migrate'], async () => (await import('./commands/migrate.ts')).addMigrateCommand],
];

/** To load all takes a second of a processor. */
function wantedBy([first = '']: readonly string[]): LoadCommand[] {
  const named = COMMANDS.filter(([names]) => names.includes(first));
  return (named.length > 0 ? named : COMMANDS).map(([, load]) => load);
}

const EXIT_CODES_HELP = `
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not running,
4 cannot start (a missing part, a taken port, a full disk, no network), 5 chain and database differ,
6 a proof is refused, 130 interrupted.
Everything is kept in .ironforge beside the launcher; IRONFORGE_HOME names another folder.`;

const manifest = z.object({ version: z.string() });

function versionIn({ root }: Home): string {
  return manifest.parse(readJson(join(root, 'package.json'))).version;
}
