import { appError, findSecret, isErrorCode } from '@ironforge/contracts';
import type { ErrorItem } from '@ironforge/kernel';
import type { z } from 'zod';
import { findBadText } from './find-bad-text.ts';
import { toPointer } from './pointer.ts';

/**
 * Parses the query or the body of a request. `root` is where its pointers begin: `[]` for the body.
 * Throws AppError `validation_failed`, or `secret_in_request` when any field holds a secret.
 */
export function parsePart<S extends z.ZodType>(
  schema: S,
  value: unknown,
  root: readonly string[],
): z.output<S> {
  const badText = findBadText(value);
  if (badText !== null) throw refusal([{ pointer: toPointer([...root, ...badText]), code: 'invalid_text' }]);
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw refusal(parsed.error.issues.flatMap((issue) => itemsOf(issue, root)));
}

function refusal(errors: readonly ErrorItem[]) {
  const hasSecret = errors.some((item) => item.code === 'secret_in_request');
  return appError(hasSecret ? 'secret_in_request' : 'validation_failed', { errors });
}

function itemsOf(issue: z.core.$ZodIssue, root: readonly PropertyKey[]): ErrorItem[] {
  const path = [...root, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: toPointer([...path, key]),
      code: unknownFieldCode(issue.input, key),
    }));
  }
  if (issue.code === 'invalid_union') return unionItems(issue, path);
  return [{ pointer: toPointer(path), code: itemCode(issue), detail: issue.message }];
}

/** A secret in a field that the route does not know is a secret all the same. */
function unknownFieldCode(fields: unknown, name: string): string {
  const value: unknown = typeof fields === 'object' && fields !== null ? Reflect.get(fields, name) : null;
  return findSecret(JSON.stringify(value)) === null ? 'unknown_field' : 'secret_in_request';
}

/** Of a union, the branch that was missed by the least tells most. */
function unionItems(issue: z.core.$ZodIssueInvalidUnion, path: readonly PropertyKey[]): ErrorItem[] {
  const branches = issue.errors.filter((branch) => branch.length > 0);
  const [closest] = branches.toSorted((a, b) => a.length - b.length);
  if (closest === undefined)
    return [{ pointer: toPointer(path), code: 'invalid_value', detail: issue.message }];
  return closest.flatMap((inner) => itemsOf(inner, path));
}

function itemCode(issue: z.core.$ZodIssue): string {
  if (isErrorCode(issue.message)) return issue.message;
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) return 'required';
  return issue.code === 'custom' ? 'invalid_value' : issue.code;
}
