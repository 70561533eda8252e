import type { Logger, TenantId } from '@ironforge/kernel';
import type { ReadyEntry } from '../queries/ready-entries.ts';
import type { Telemetry } from '../telemetry.ts';

/** Who hears of entries that got their numbers. */
export interface ReportDeps {
  readonly telemetry: Pick<Telemetry, 'entriesNumbered'>;
  readonly log: Logger;
}

/** Counts entries that are numbered and committed, and raises an alert for each version that came a second time. */
export function reportNumbered(
  { telemetry, log }: ReportDeps,
  tenantId: TenantId,
  numbered: readonly ReadyEntry[],
): void {
  telemetry.entriesNumbered(numbered.length);
  for (const { aggregate, aggregate_version: version, base_version: base, id } of numbered) {
    if (version === 0 || version > base) continue;
    log.error({ alert: 'audit_repeated_version', tenantId, aggregate, version, id }, 'a version came twice');
  }
}
