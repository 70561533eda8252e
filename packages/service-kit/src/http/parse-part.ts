import { appError, findSecret, isErrorCode } from '@ironforge/contracts';
import type { ErrorItem } from '@ironforge/kernel';
import type { z } from 'zod';
import { findUnstorable } from './find-unstorable.ts';
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
  const unstorable = findUnstorable(value);
  if (unstorable !== null)
    throw refusal([{ pointer: toPointer([...root, ...unstorable.path]), code: unstorable.code }]);
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  const place = { path: root, codeOfUnknown: createUnknownCheck() };
  throw refusal(parsed.error.issues.flatMap((issue) => itemsOf(issue, place)));
}

function refusal(errors: readonly ErrorItem[]) {
  const hasSecret = errors.some((item) => item.code === 'secret_in_request');
  return appError(hasSecret ? 'secret_in_request' : 'validation_failed', { errors });
}

/** Where a part of the request stands, and what is wrong with a field of this value that the route does not know. */
interface Place {
  readonly path: readonly PropertyKey[];
  readonly codeOfUnknown: (value: unknown) => string;
}

function itemsOf(issue: z.core.$ZodIssue, place: Place): ErrorItem[] {
  const path = [...place.path, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: toPointer([...path, key]),
      code: place.codeOfUnknown(fieldOf(issue.input, key)),
    }));
  }
  if (issue.code === 'invalid_union') return unionItems(issue, { ...place, path });
  return [{ pointer: toPointer(path), code: itemCode(issue), detail: issue.message }];
}

function fieldOf(fields: unknown, name: string): unknown {
  return typeof fields === 'object' && fields !== null ? Reflect.get(fields, name) : null;
}

/** How much of the unknown fields of a request is searched, in characters of JSON: they are stored nowhere. */
const MAX_SEARCHED_CHARS = 1_024;

/** A secret in a field that the route does not know is a secret all the same; what is longer than can be searched is not. */
function createUnknownCheck(): (value: unknown) => string {
  let left = MAX_SEARCHED_CHARS;
  return (value) => {
    const text = JSON.stringify(value);
    if (text.length > left) return 'unknown_field';
    left -= text.length;
    return findSecret(text) === null ? 'unknown_field' : 'secret_in_request';
  };
}

/** Of a union, the branch that was missed by the least tells most. */
function unionItems(issue: z.core.$ZodIssueInvalidUnion, place: Place): ErrorItem[] {
  const branches = issue.errors.filter((branch) => branch.length > 0);
  const [closest] = branches.toSorted((a, b) => a.length - b.length);
  if (closest === undefined)
    return [{ pointer: toPointer(place.path), code: 'invalid_value', detail: issue.message }];
  return closest.flatMap((inner) => itemsOf(inner, place));
}

function itemCode(issue: z.core.$ZodIssue): string {
  if (isErrorCode(issue.message)) return issue.message;
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) return 'required';
  return issue.code === 'custom' ? 'invalid_value' : issue.code;
}
