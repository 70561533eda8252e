/** Null when the program answers, otherwise why it does not, in a few words. */
export type Ask = () => Promise<string | null>;

/** One operating-system process that the supervisor keeps alive. */
export interface Program {
  readonly name: string;
  readonly kind: 'server' | 'service';
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment beside PATH, HOME, LANG and TZ: nothing else of the caller's reaches the process. */
  readonly env: Readonly<Record<string, string>>;
  /** Read before every start and put on top of `env`: what a test changes while the program runs. */
  readonly overrides?: () => Readonly<Record<string, string>>;
  /** The ports it will listen on by name, checked free before the first start. */
  readonly ports: Readonly<Record<string, number>>;
  /** Where it is reached; may hold a password, so it is never printed as it is. */
  readonly url: string;
  readonly stopSignal: 'SIGTERM' | 'SIGINT';
  /** Runs before every start: data folders, stale locks. */
  readonly prepare: () => Promise<void>;
  readonly ask: Ask;
}
