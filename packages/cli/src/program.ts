import { join } from 'node:path';
import { Command } from 'commander';
import { z } from 'zod';
import { addAuditCommands } from './audit/audit-command.ts';
import { addAuditKeyCommand } from './commands/audit-key.ts';
import { addBenchCommand } from './commands/bench.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addDownCommand } from './commands/down.ts';
import { addEnvCommand } from './commands/env.ts';
import { addMigrateCommand } from './commands/migrate.ts';
import { addOracleCommand } from './commands/oracle.ts';
import { addQueuesCommand } from './commands/queues.ts';
import { addStatusCommand } from './commands/status.ts';
import { addTestCommand } from './commands/test.ts';
import { addUpCommand } from './commands/up.ts';
import type { Context } from './context.ts';
import { addDemoCommand } from './demo/demo-command.ts';
import type { Home } from './home.ts';
import { readJson } from './json-file.ts';
import { addReconcileCommand } from './reconcile/reconcile-command.ts';
import { addSignCommands } from './sign/sign-command.ts';
import { addVerifyCommand } from './verify/verify-command.ts';
import { addWitnessCommands } from './witness/witness-command.ts';

type AddCommand = (program: Command, context: Context) => void;

/** Every command, in the order in which the help lists them. */
const COMMANDS: readonly AddCommand[] = [
  addUpCommand,
  addDownCommand,
  addStatusCommand,
  addQueuesCommand,
  addEnvCommand,
  addDemoCommand,
  addSignCommands,
  addReconcileCommand,
  addAuditCommands,
  addVerifyCommand,
  addAuditKeyCommand,
  addWitnessCommands,
  addTestCommand,
  addOracleCommand,
  addBenchCommand,
  addDoctorCommand,
  addMigrateCommand,
];

const EXIT_CODES_HELP = `
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not running,
4 cannot start (a missing part, a taken port, a full disk, no network), 5 chain and database differ,
6 a proof is refused, 130 interrupted.
Everything is kept in .ironforge beside the launcher; IRONFORGE_HOME names another folder.`;

/** The command line with all its commands; it never ends the process by itself. */
export function createProgram(context: Context): Command {
  const program = new Command('ironforge')
    .description('IronForge, a keyless back end for teams that move crypto assets')
    .version(versionIn(context.home), '--version', 'print the version')
    .addHelpText('after', EXIT_CODES_HELP)
    .showHelpAfterError('(./ironforge --help lists the commands)')
    .exitOverride();
  for (const add of COMMANDS) add(program, context);
  return program;
}

const manifest = z.object({ version: z.string() });

function versionIn({ root }: Home): string {
  return manifest.parse(readJson(join(root, 'package.json'))).version;
}
