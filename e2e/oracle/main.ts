import { parseArgs } from 'node:util';
import { consult } from './oracle.ts';
import { told } from './violation.ts';

// Looks at the installation that IRONFORGE_ENV_FILE describes: `./ironforge oracle`. Exit code 1: something is broken.
const { values } = parseArgs({
  options: { json: { type: 'boolean' }, patience: { type: 'string', default: '10' } },
});
const { violations } = await consult({}, Number(values.patience) * 1_000);
const lines = violations.map(told);
const text = lines.length === 0 ? 'Every promise is kept.' : lines.join('\n');
process.stdout.write(`${values.json === true ? JSON.stringify({ violations }) : text}\n`);
process.exitCode = violations.length === 0 ? 0 : 1;
