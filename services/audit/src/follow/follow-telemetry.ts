import { Gauge, type Registry } from '@prometheus-io/client';

/** The metrics of what follows the logs. */
export interface FollowTelemetry {
  /** Of every follower that is behind, its name and by how many entries; those of one name are added up. */
  followersBehind(behind: readonly { readonly name: string; readonly entries: number }[]): void;
}

/** Registers the metrics. */
export function createFollowTelemetry(registry: Registry): FollowTelemetry {
  const gauge = new Gauge({
    name: 'audit_follower_entries_behind',
    help: 'Entries that are sealed and have not arrived where this follower brings them',
    labelNames: ['follower'],
    registers: [registry],
  });
  return {
    followersBehind: (behind) => {
      gauge.reset();
      for (const { name, entries } of behind) gauge.inc({ follower: name }, entries);
    },
  };
}
