/** The time of day, from outside: pure code and tests choose it. */
export type Clock = () => Date;

/** A new random identifier (UUID version 4), from outside. */
export type NewId = () => string;

type Fields = Readonly<Record<string, unknown>>;

/** Structured log, pino's call order: fields first, then the sentence. */
export interface Logger {
  debug(fields: Fields, message: string): void;
  info(fields: Fields, message: string): void;
  warn(fields: Fields, message: string): void;
  error(fields: Fields, message: string): void;
}
