/** What can be measured, by the names that `--rows` takes; one measurement gives one row or several. */
export const MEASUREMENT_NAMES = [
  'P',
  'F',
  'half-load',
  'handler',
  'relay',
  'transition',
  'hot-wallet',
  'memory-loaded',
  'addresses',
  'overload',
  'dip',
  'audit-seal',
  'audit-lag',
  'audit-cost',
  'audit-bytes',
  'many-rows',
  'audit-million',
  'memory-idle',
] as const;

export type MeasurementName = (typeof MEASUREMENT_NAMES)[number];
