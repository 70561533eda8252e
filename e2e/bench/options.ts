import { parseArgs } from 'node:util';

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
  /** Names of the measurements that are wanted; null for all. */
  readonly rows: readonly string[] | null;
  /** An installation that runs already; null for the one that IRONFORGE_ENV_FILE describes. */
  readonly foreign: { readonly url: string; readonly rpc: string } | null;
  readonly writesDocument: boolean;
  readonly printsJson: boolean;
  /** The command line that leads to these options. */
  readonly command: string;
}

const QUICK = { runs: 1, transfers: 60 };

/** Reads the command line. Throws for an option that it does not know. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({ args: [...args], options: FLAGS });
  const { quick, url, rpc } = values;
  return {
    profiles: PROFILES.filter((name) => values.profile === undefined || values.profile === name),
    runs: quick ? QUICK.runs : Number(values.runs),
    transfers: quick ? QUICK.transfers : Number(values.transfers),
    rows: values.rows?.split(',') ?? null,
    foreign: url === undefined || rpc === undefined ? null : { url, rpc },
    writesDocument: values.document ?? false,
    printsJson: values.json ?? false,
    command: ['./ironforge bench', ...args].join(' '),
  };
}

const FLAGS = {
  profile: { type: 'string' },
  runs: { type: 'string', default: '5' },
  quick: { type: 'boolean' },
  transfers: { type: 'string', default: '1000' },
  rows: { type: 'string' },
  document: { type: 'boolean' },
  url: { type: 'string' },
  rpc: { type: 'string' },
  json: { type: 'boolean' },
} as const;
