/** One line of the table of design/reliability.md: what is measured, what is required, what is aimed at. */
export interface Row {
  readonly title: string;
  readonly unit: 'ratio' | 'ms' | 's' | 'per transfer' | 'MB';
  readonly floor: number;
  readonly goal: number;
  readonly better: 'higher' | 'lower';
}

/** A whole, of which more is better. */
function part(title: string, floor: number, goal: number): Row {
  return { title, unit: 'ratio', floor, goal, better: 'higher' };
}

function cost(title: string, unit: Row['unit'], [floor, goal]: readonly [number, number]): Row {
  return { title, unit, floor, goal, better: 'lower' };
}

/** Every row by its name, in the order of the document. */
export const ROWS = {
  'end_to_end.P.native': part('P, ether: transfers a second ÷ what the raw stages allow', 0.4, 0.6),
  'end_to_end.P.erc20': part('P, token: transfers a second ÷ what the raw stages allow', 0.4, 0.6),
  'end_to_end.F.native': part('F, ether: transfers a second ÷ what the raw stages allow', 0.4, 0.6),
  'end_to_end.F.erc20': part('F, token: transfers a second ÷ what the raw stages allow', 0.4, 0.6),
  'after_block.p50': cost('time added after the block, p50, at half load', 'ms', [150, 60]),
  'after_block.p99': cost('time added after the block, p99, at half load', 'ms', [500, 200]),
  'accept.p99': cost('a wish is recorded, p99, at half load', 'ms', [30, 15]),
  'handler.recorded': part('wishes recorded a second ÷ bare Express with the same body', 0.2, 0.35),
  'handler.refused': part('wishes refused before the database ÷ bare Express with the same body', 0.2, 0.35),
  'round_trips.F': cost('database round trips of a confirmed transfer (F)', 'per transfer', [45, 20]),
  'commits.F': cost('commits of a confirmed transfer (F)', 'per transfer', [12, 8]),
  'messages.F': cost('messages of a confirmed transfer (F)', 'per transfer', [14, 8]),
  relay: part('outbox relayed ÷ raw confirmed publish', 0.5, 0.8),
  transition: part('transitions ÷ raw transactions of five round trips', 0.6, 1.2),
  hot_wallet: part('one hot wallet ÷ ten wallets', 0.5, 0.8),
  'watcher.lag.p99': cost('watcher behind the block, p99, at half load', 'ms', [1_000, 300]),
  'watcher.addresses': cost(
    'cost of a block with 100,000 watched addresses ÷ with 100',
    'ratio',
    [1.2, 1.05],
  ),
  'memory.idle': cost('memory of the largest service, idle', 'MB', [120, 90]),
  'memory.loaded': cost('memory of the largest service, loaded', 'MB', [250, 180]),
  overload: part('work done at three times the load ÷ the most that was ever done', 0.8, 0.95),
  'dip.kill': cost('nothing accepted after kill -9 of the orchestrator for', 's', [10, 3]),
  'many_rows.p99': cost(
    'p99 of recording and listing with 1,000,000 requests ÷ with 1,000',
    'ratio',
    [1.25, 1.1],
  ),
  'audit.seal': part('audit entries sealed a second ÷ raw ledger writes', 0.5, 0.8),
  'audit.lag.p99': cost('from an event in the outbox until it can be proved, p99', 'ms', [1_000, 250]),
  'audit.proof.p99': cost('p99 of a proof with 1,000,000 entries ÷ with 1,000', 'ratio', [1.3, 1.1]),
  'audit.cost': part('P, ether: transfers a second with auditing ÷ without', 0.9, 0.97),
  'audit.verify.seconds': cost('1,000,000 audit entries verified by the command line', 's', [600, 180]),
  'audit.verify.memory': cost('memory of that verification', 'MB', [300, 250]),
} as const satisfies Readonly<Record<string, Row>>;

/** A name of a row. */
export type RowName = keyof typeof ROWS;

/** What one run of some measurement found: rows, and whatever else is worth knowing, by name. */
export interface Found {
  readonly rows: Partial<Record<RowName, number>>;
  readonly notes: Readonly<Record<string, number>>;
}

/** How a value stands to what is required and aimed at. */
export type Standing = 'goal' | 'floor' | 'below';

/** Compares a value with its row. */
export function standingOf({ better, floor, goal }: Row, value: number): Standing {
  const reaches = (mark: number) => (better === 'higher' ? value >= mark : value <= mark);
  if (reaches(goal)) return 'goal';
  return reaches(floor) ? 'floor' : 'below';
}

/** Everything that several measurements found. */
export function merged(found: readonly Found[]): Found {
  return {
    rows: Object.fromEntries(found.flatMap(({ rows }) => Object.entries(rows))),
    notes: Object.fromEntries(found.flatMap(({ notes }) => Object.entries(notes))),
  };
}
