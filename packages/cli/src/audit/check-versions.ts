import type { Finding } from './finding.ts';
import type { EntryRow } from './log-reader.ts';

/** The versions of each aggregate come one after the other, none missing and none twice; `last` is moved on. */
export function checkVersions(row: EntryRow, last: Map<string, number>): Finding[] {
  const { aggregate, aggregate_version: version, sequence } = row;
  if (version === 0) return [];
  const before = last.get(aggregate) ?? 0;
  last.set(aggregate, Math.max(version, before));
  if (version === before + 1) return [];
  const detail = `is version ${version} of ${aggregate}, after version ${before}`;
  const kind = version <= before ? 'version_repeated' : 'version_missing';
  return [{ kind, subject: `entry ${sequence}`, detail }];
}
