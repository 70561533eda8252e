import type { Home } from './home.ts';

/** What every command is given: the outside world, in one object. */
export interface Context {
  readonly env: NodeJS.ProcessEnv;
  readonly home: Home;
  /** A line of the command's result, on standard output. */
  readonly print: (line: string) => void;
  /** A line of progress, on standard error. */
  readonly say: (line: string) => void;
  /** Asks whoever sits at the terminal, yes or no; null when nobody does. */
  readonly confirm: ((question: string) => Promise<boolean>) | null;
}
