import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { documented } from './documented.ts';
import { forms } from './forms.ts';
import { format } from './format.ts';
import type { Gate } from './gate.ts';
import { interpolation } from './interpolation.ts';
import { layers } from './layers.ts';
import { licences } from './licences.ts';
import { lint } from './lint.ts';
import { names } from './names.ts';
import { privateKeys } from './private-keys.ts';
import { purity } from './purity.ts';
import { asJson, asLines, summary } from './report.ts';
import { type Options, runGates, type Verdict } from './run-gates.ts';
import { secrets } from './secrets.ts';
import { sizes } from './sizes.ts';
import { sql } from './sql.ts';
import { tenantWalls } from './tenant-walls.ts';
import { openTree } from './tree.ts';
import { types } from './types.ts';
import { unused } from './unused.ts';
import { versions } from './versions.ts';

const TOOLS: readonly Gate[] = [types, lint, unused, secrets, format, versions];
const OWN: readonly Gate[] = [
  layers,
  purity,
  forms,
  sizes,
  names,
  documented,
  sql,
  interpolation,
  tenantWalls,
  licences,
  privateKeys,
];
const GATES: readonly Gate[] = [...TOOLS, ...OWN];

const OPTIONS = {
  only: { type: 'string', multiple: true },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

process.exitCode = await check();

async function check(): Promise<number> {
  const { values, positionals: paths } = parseArgs({ options: OPTIONS, allowPositionals: true });
  const only = values.only?.flatMap((list) => list.split(','));
  const unknown = only?.find((name) => !GATES.some((gate) => gate.name === name));
  if (unknown !== undefined || values.help === true) return usage(unknown);
  const gates = GATES.filter(({ name }) => only?.includes(name) ?? true);
  return judge(gates, { paths, isJson: values.json === true });
}

function usage(unknown: string | undefined): number {
  if (unknown !== undefined) console.error(`there is no gate "${unknown}"`);
  console.error(
    'pnpm check [--only gate,gate] [--json] [path…]   (a path shows only what is found below it)',
  );
  console.error(`gates: ${GATES.map(({ name }) => name).join(', ')}`);
  return unknown === undefined ? 0 : 2;
}

async function judge(
  gates: readonly Gate[],
  { paths, isJson }: Pick<Options, 'paths'> & { isJson: boolean },
): Promise<number> {
  const started = performance.now();
  const tree = openTree(fileURLToPath(new URL('..', import.meta.url)));
  const options = { paths, parallel: availableParallelism(), onVerdict: isJson ? () => undefined : tell };
  const verdicts = await runGates(gates, tree, options);
  const ms = Math.round(performance.now() - started);
  console.log(isJson ? asJson(verdicts, ms) : summary(verdicts, ms));
  return verdicts.every(({ ok }) => ok) ? 0 : 1;
}

function tell(verdict: Verdict): void {
  console.log(asLines(verdict));
}
