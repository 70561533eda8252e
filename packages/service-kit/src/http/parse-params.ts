import { appError } from '@ironforge/contracts';
import type { z } from 'zod';

/** Parses the parameters of the path; a malformed one is an address where nothing lives: AppError `not_found`. */
export function parseParams<S extends z.ZodType>(schema: S, params: unknown): z.output<S> {
  const parsed = schema.safeParse(params);
  if (!parsed.success) throw appError('not_found');
  return parsed.data;
}
