import { CommanderError } from 'commander';
import type { Context } from './context.ts';
import { createProgram } from './program.ts';
import { asTrouble, EXIT_CODES, exitCodeOf } from './trouble.ts';

/** Runs one command and gives its exit code; a fault becomes one line, and one JSON object where `--json` was asked for. */
export async function run(args: readonly string[], context: Context): Promise<number> {
  try {
    const program = await createProgram(context, args);
    await program.parseAsync([...args], { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_CODES.usage;
    const { code, message } = asTrouble(error, context.home.dir);
    context.say(`ironforge: ${message}`);
    if (args.includes('--json')) context.print(JSON.stringify({ error: { code, detail: message } }));
    if (context.env['IRONFORGE_DEBUG'] && error instanceof Error) context.say(error.stack ?? '');
    return exitCodeOf(asTrouble(error, context.home.dir));
  }
}
