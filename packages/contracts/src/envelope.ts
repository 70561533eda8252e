import { z } from 'zod';
import { policyVersion } from './authority.ts';
import { utcTime, uuid } from './scalars.ts';

/** Who did it. */
export const actor = z.object({
  type: z.enum(['user', 'api_key', 'service', 'chain']),
  id: z.string().max(100),
});
export type Actor = z.infer<typeof actor>;

/**
 * CloudEvents 1.0, structured JSON. Extensions: `tenantid`, `aggregateversion` (1, 2, 3 … per subject), `traceparent`
 * (W3C), who asked for it: `actortype`, `actorid`, `requestid`, `clientip`, `useragent`, and by what it was allowed: `actorroles`
 * (separated by commas, for CloudEvents has no lists), `policyid`, `policyversion`.
 */
export const envelope = z.object({
  specversion: z.literal('1.0'),
  id: uuid,
  type: z.string(),
  source: z.string(),
  subject: z.string(),
  time: utcTime,
  datacontenttype: z.literal('application/json'),
  tenantid: uuid,
  aggregateversion: z.int().min(1),
  traceparent: z.string().optional(),
  actortype: actor.shape.type,
  actorid: actor.shape.id,
  actorroles: z.string().max(400).optional(),
  policyid: policyVersion.shape.id.optional(),
  policyversion: policyVersion.shape.version.optional(),
  requestid: z.string().max(64).optional(),
  clientip: z.string().max(45).optional(),
  useragent: z.string().max(400).optional(),
  data: z.unknown(),
});

/** A message as it travels, its data not yet parsed. */
export type Envelope = z.infer<typeof envelope>;
