import type { Environment } from '../config/read-config.ts';

/** How much is logged, from the least important up. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The level in `LOG_LEVEL`, `info` when there is none or a wrong one: needed before the configuration is known to be good. */
export function logLevelOf(environment: Environment): LogLevel {
  return LOG_LEVELS.find((level) => level === environment['LOG_LEVEL']) ?? 'info';
}
