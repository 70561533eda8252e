import { describeForeign } from './foreign.ts';
import { readOptions } from './options.ts';

const options = readOptions(process.argv.slice(2));
if (options.foreign !== null) await describeForeign(options.foreign);
// Only now: whoever looks at the installation reads its description when it is loaded.
const { bench } = await import('./bench.ts');
process.exitCode = await bench(options);
