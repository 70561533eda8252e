import { hasDatabase } from '../probe/database.ts';
import type { MeasurementName } from '../measurement-names.ts';
import type { Options } from '../options.ts';
import { addresses } from './addresses.ts';
import { auditBytes } from './audit-bytes.ts';
import { auditCost } from './audit-cost.ts';
import { auditLag } from './audit-lag.ts';
import { auditMillion } from './audit-million.ts';
import { auditSeal } from './audit-seal.ts';
import { dip, overload } from './bad-times.ts';
import { endToEnd } from './end-to-end.ts';
import { halfLoad } from './half-load.ts';
import { handler } from './handler.ts';
import { hotWallet } from './hot-wallet.ts';
import { manyRows } from './many-rows.ts';
import { memoryIdle, memoryLoaded } from './memory.ts';
import { relay } from './relay.ts';
import { transition } from './transition.ts';
import type { Found } from './row.ts';
import type { Stage } from './stage.ts';

/** One measurement: some rows come out of it. */
export interface Measurement {
  readonly name: MeasurementName;
  /** True when it looks into the installation's own database, broker or processes. */
  readonly needsInside: boolean;
  readonly measure: (stage: Stage) => Promise<Found>;
}

const ALL: readonly Measurement[] = [
  { name: 'P', needsInside: false, measure: (stage) => endToEnd(stage, 'P') },
  { name: 'F', needsInside: false, measure: (stage) => endToEnd(stage, 'F') },
  { name: 'half-load', needsInside: true, measure: halfLoad },
  { name: 'handler', needsInside: true, measure: handler },
  { name: 'relay', needsInside: true, measure: relay },
  { name: 'transition', needsInside: true, measure: transition },
  { name: 'hot-wallet', needsInside: false, measure: hotWallet },
  { name: 'memory-loaded', needsInside: true, measure: memoryLoaded },
  { name: 'addresses', needsInside: true, measure: addresses },
  { name: 'overload', needsInside: false, measure: overload },
  { name: 'dip', needsInside: true, measure: dip },
  { name: 'audit-seal', needsInside: true, measure: auditSeal },
  { name: 'audit-lag', needsInside: true, measure: auditLag },
  { name: 'audit-cost', needsInside: true, measure: auditCost },
  { name: 'audit-bytes', needsInside: true, measure: auditBytes },
  // Behind the others: the database clears up after a million rows for a while.
  { name: 'many-rows', needsInside: true, measure: manyRows },
  { name: 'audit-million', needsInside: true, measure: auditMillion },
  // Last: what was just started is slow at first.
  { name: 'memory-idle', needsInside: true, measure: memoryIdle },
];

/** The measurements that were asked for and can be made there. */
export function measurementsFor({ rows, profiles }: Options): readonly Measurement[] {
  return ALL.filter(({ name, needsInside }) => {
    if (needsInside && !hasDatabase) return false;
    const isProfile = name === 'P' || name === 'F';
    if (isProfile && !profiles.includes(name)) return false;
    return rows === null || rows.includes(name);
  });
}
