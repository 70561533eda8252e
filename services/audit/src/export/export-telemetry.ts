import { Counter, type Registry } from '@prometheus-io/client';

/** The metric of the exports. */
export interface ExportTelemetry {
  exportEnded(outcome: string): void;
}

/** Registers the metric. */
export function createExportTelemetry(registry: Registry): ExportTelemetry {
  const exports = new Counter({
    name: 'audit_exports_total',
    help: 'Exports that a process made or gave up, by what came of it',
    labelNames: ['outcome'],
    registers: [registry],
  });
  return { exportEnded: (outcome) => exports.inc({ outcome }) };
}
