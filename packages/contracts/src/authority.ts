import { z } from 'zod';
import { uuid } from './scalars.ts';

/** One version of a policy. */
export const policyVersion = z.object({ id: uuid, version: z.int().min(1) });
export type PolicyVersion = z.infer<typeof policyVersion>;

/**
 * By what something was allowed: the roles that who did it had at that moment, none for services and chains, and the version of the
 * policy that decided on it, null where none did.
 */
export const authority = z.object({ roles: z.array(z.string()), policy: policyVersion.nullable() });
export type Authority = z.infer<typeof authority>;
