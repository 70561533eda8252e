import type { Logger } from '@ironforge/kernel';
import pino from 'pino';
import type { LogLevel } from './log-level.ts';
import { redact } from './redact.ts';

/** Who logs, how much, and where to. */
export interface LoggerOptions {
  readonly service: string;
  readonly level: LogLevel;
  /** Where the lines go; standard output when absent. */
  readonly write?: (line: string) => void;
}

/** A logger of JSON lines that removes credentials by field name and by their look, at any depth. */
export function createLogger(options: LoggerOptions): Logger {
  const settings: pino.LoggerOptions = {
    level: options.level,
    base: { service: options.service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }), log: redact },
    // Errors are turned into plain data by `redact`, which looks into causes too.
    serializers: { err: (value: unknown) => value },
  };
  return pino(settings, { write: options.write ?? writeToStdout });
}

/** Node writes to files and pipes synchronously, so lines keep their order and none is lost when the process ends. */
function writeToStdout(line: string): void {
  process.stdout.write(line);
}
