import { z } from 'zod';

/** A variable or file that holds JSON of the given shape. */
export function jsonText<S extends z.ZodType>(schema: S) {
  return z.string().transform(parseJson).pipe(schema);
}

function parseJson(text: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'is not JSON' });
    return z.NEVER;
  }
}
