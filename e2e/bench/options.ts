import { parseArgs } from 'node:util';
import { MEASUREMENT_NAMES, type MeasurementName } from './measurement-names.ts';

/** What moves in a load. */
export const PROFILES = ['P', 'F'] as const;
/** P: submitted under a policy that allows everything. F: draft, two of three approvals, policy, signature. */
export type Profile = (typeof PROFILES)[number];

/** What is measured, how often and where. */
export interface Options {
  readonly profiles: readonly Profile[];
  readonly runs: number;
  /** Transfers of each asset in one run. */
  readonly transfers: number;
  /** The measurements that are wanted; null for all. */
  readonly rows: readonly MeasurementName[] | null;
  /** An installation that runs already; null for the one that IRONFORGE_ENV_FILE describes. */
  readonly foreign: { readonly url: string; readonly rpc: string } | null;
  readonly writesDocument: boolean;
  readonly printsJson: boolean;
  /** True when nothing is wanted but whether these options can be carried out. */
  readonly isTrial: boolean;
  /** The command line that leads to these options. */
  readonly command: string;
}

const QUICK = { runs: 1, transfers: 60 };

/** Reads the command line. Throws with a sentence for what it does not know. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({ args: [...args], options: FLAGS });
  const { url, rpc } = values;
  return {
    ...sizeOf(values),
    profiles: values.profile === undefined ? PROFILES : [oneOf(PROFILES, values.profile, '--profile')],
    rows: values.rows === undefined ? null : rowsOf(values.rows),
    foreign: url === undefined || rpc === undefined ? null : { url, rpc },
    writesDocument: values.document ?? false,
    printsJson: values.json ?? false,
    isTrial: values.trial ?? false,
    command: ['./ironforge bench', ...args].join(' '),
  };
}

/** Those that build on the rate of P need it in the same run. */
const ON_P: readonly MeasurementName[] = ['half-load', 'hot-wallet', 'overload', 'dip'];

function rowsOf(text: string): MeasurementName[] {
  const rows = text.split(',').map((name) => oneOf(MEASUREMENT_NAMES, name, '--rows'));
  const builder = rows.find((row) => ON_P.includes(row));
  if (builder !== undefined && !rows.includes('P'))
    throw new Error(`${builder} builds on the rate of P: --rows P,${text}`);
  return rows;
}

type Values = ReturnType<typeof parseArgs<{ options: typeof FLAGS }>>['values'];

/** How often how much is measured. */
function sizeOf({ quick, document, runs, transfers }: Values): Pick<Options, 'runs' | 'transfers'> {
  if (!quick)
    return { runs: count(runs ?? '5', '--runs'), transfers: count(transfers ?? '1000', '--transfers') };
  if (document) throw new Error('--document needs whole runs: leave out --quick');
  if ((runs ?? transfers) === undefined) return QUICK;
  throw new Error(`--quick is one run of ${QUICK.transfers} transfers: leave out --runs and --transfers`);
}

const FLAGS = {
  profile: { type: 'string' },
  runs: { type: 'string' },
  quick: { type: 'boolean' },
  transfers: { type: 'string' },
  rows: { type: 'string' },
  document: { type: 'boolean' },
  url: { type: 'string' },
  rpc: { type: 'string' },
  json: { type: 'boolean' },
  trial: { type: 'boolean' },
} as const;

function oneOf<T extends string>(known: readonly T[], text: string, option: string): T {
  const found = known.find((one) => one === text);
  if (found === undefined) throw new Error(`${option} knows no "${text}": it is one of ${known.join(', ')}`);
  return found;
}

function count(text: string, option: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new Error(`${option} is a whole number from 1 on, not "${text}"`);
  return value;
}
