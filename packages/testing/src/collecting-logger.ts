import type { Logger } from '@ironforge/kernel';

/** One line of a log. */
export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A logger that keeps its lines, for tests of what is told and of what must never be. */
export interface CollectingLogger extends Logger {
  readonly lines: readonly LogLine[];
}

/** Makes a logger that keeps its lines. */
export function createCollectingLogger(): CollectingLogger {
  const lines: LogLine[] = [];
  const keep = (level: LogLine['level']) => (fields: LogLine['fields'], message: string) =>
    void lines.push({ level, message, fields });
  return { lines, debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') };
}
