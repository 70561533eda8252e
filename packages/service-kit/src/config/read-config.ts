import { readFileSync } from 'node:fs';
import { AppError, type ErrorItem } from '@ironforge/kernel';
import type { z } from 'zod';
import { misplacedSwitches } from './test-switches.ts';

/** Environment variables as a process gets them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads a service's configuration from its environment by a zod object whose keys are the variables' names.
 * `NAME_FILE` names a file that holds the value of `NAME`; an empty variable or file counts as absent.
 * Throws AppError `config_invalid` that lists every problem at once, never a value.
 */
export function readConfig<S extends z.ZodObject>(schema: S, environment: Environment): z.output<S> {
  const problems = misplacedSwitches(environment);
  const values = Object.fromEntries(
    Object.keys(schema.shape).map((name) => [name, valueOf(name, environment, problems)]),
  );
  const parsed = schema.safeParse(values);
  if (!parsed.success) problems.push(...parsed.error.issues.map(problemOf).filter(isNewTo(problems)));
  if (problems.length > 0 || !parsed.success) throw invalid(problems);
  return parsed.data;
}

function valueOf(name: string, environment: Environment, problems: ErrorItem[]): string | undefined {
  const value = environment[name];
  if (value !== undefined && value !== '') return value;
  const path = environment[`${name}_FILE`];
  if (path === undefined || path === '') return undefined;
  try {
    return readFileSync(path, 'utf8').trim() || undefined;
  } catch {
    problems.push({ pointer: `/${name}`, code: 'unreadable', detail: `${name}_FILE: cannot read ${path}` });
    return undefined;
  }
}

function problemOf(issue: z.core.$ZodIssue): ErrorItem {
  const name = String(issue.path[0] ?? '');
  const place = issue.path.map(String).join('.');
  return { pointer: `/${name}`, code: issue.code, detail: `${place}: ${issue.message}` };
}

function isNewTo(known: readonly ErrorItem[]): (item: ErrorItem) => boolean {
  const pointers = new Set(known.map((item) => item.pointer));
  return (item) => !pointers.has(item.pointer);
}

function invalid(problems: readonly ErrorItem[]): AppError {
  const lines = problems.map((item) => item.detail ?? item.pointer).join('; ');
  return new AppError('config_invalid', { detail: `configuration: ${lines}`, errors: problems });
}
