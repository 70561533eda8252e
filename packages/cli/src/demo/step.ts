import type { Stage } from './stage.ts';

/** What a step found out, told to people line by line and to programs as fields. */
export type Facts = Readonly<Record<string, string | number | readonly string[]>>;

/** One scene of the story: it acts through the API, checks what came of it, and gives what later scenes need. */
export interface Step<Given, Value> {
  readonly name: string;
  /** What happens, for a person. */
  readonly title: string;
  /** Why it matters, in a sentence or two. */
  readonly why: string;
  act(stage: Stage, given: Given): Promise<{ readonly facts: Facts; readonly value: Value }>;
}

/** Plays a step and gives its value; throws when it did not come true. */
export type Play = <Given, Value>(step: Step<Given, Value>, given: Given) => Promise<Value>;
