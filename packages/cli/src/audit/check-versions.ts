import type { Finding } from './finding.ts';
import type { EntryRow, LastVersion } from './log-reader.ts';
import type { Prunings } from './prunings.ts';

/**
 * The versions of each aggregate come one after the other, none twice, and none missing but where as many entries were pruned in
 * between; `last` is moved on.
 */
export function checkVersions(
  row: EntryRow,
  last: Map<string, LastVersion>,
  prunings: Pick<Prunings, 'countBetween'>,
): Finding[] {
  const { aggregate, aggregate_version: version, sequence } = row;
  if (version === 0) return [];
  const before = last.get(aggregate) ?? { version: 0, sequence: 0 };
  last.set(aggregate, { version: Math.max(version, before.version), sequence });
  const missing = version - before.version - 1;
  if (missing >= 0 && missing <= prunings.countBetween(before.sequence, sequence)) return [];
  const detail = `is version ${version} of ${aggregate}, after version ${before.version}`;
  const kind = missing < 0 ? 'version_repeated' : 'version_missing';
  return [{ kind, subject: `entry ${sequence}`, detail }];
}
