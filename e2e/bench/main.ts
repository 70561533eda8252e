import { describeForeign } from './foreign.ts';
import { type Options, readOptions } from './options.ts';

/** Wrong usage, as the command line has it. */
const USAGE = 2;

process.exitCode = await run(process.argv.slice(2));

async function run(args: readonly string[]): Promise<number> {
  await using asked = await read(args).catch(tell);
  if (asked === null) return USAGE;
  return asked.options.isTrial ? 0 : await measure(asked.options);
}

/** What is asked for, and the place where the installation is described. Throws with a sentence for what cannot be. */
async function read(args: readonly string[]) {
  const options = readOptions(args);
  const place = options.foreign === null ? null : await describeForeign(options.foreign);
  return { options, [Symbol.asyncDispose]: async () => await place?.[Symbol.asyncDispose]() };
}

/** Only now: whoever looks at the installation reads its description when it is loaded. */
async function measure(options: Options): Promise<number> {
  const { bench } = await import('./bench.ts');
  return await bench(options);
}

function tell(error: unknown): null {
  process.stderr.write(`ironforge: ${error instanceof Error ? error.message : String(error)}\n`);
  return null;
}
