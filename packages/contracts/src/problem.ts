import { z } from 'zod';

/** Problem details (RFC 9457) with a stable code, the request id, and a pointer (RFC 6901) per finding. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  instance: z.string(),
  code: z.string(),
  requestId: z.string(),
  errors: z.array(
    z.object({
      pointer: z.string(),
      code: z.string(),
      detail: z.string().optional(),
      field: z.string().optional(),
    }),
  ),
});

export type Problem = z.infer<typeof problem>;
