import { z } from 'zod';
import { nothing, route } from '../route.ts';
import { wholeNumber } from '../scalars.ts';

const service = 'audit';
const path = '/v1/audit/broker-stream';
const access = 'audit:stream';

/** A RabbitMQ stream with the tenant's sealed entries, and the user who reads it and can do nothing else. */
const stream = z.object({
  /** Without user and password. */
  amqpUrl: z.string(),
  queue: z.string(),
  user: z.string(),
  /** Told once, by what made it; null everywhere else. */
  password: z.string().nullable(),
  maxAgeDays: wholeNumber,
  /** The entries up to this number have been published. */
  publishedUpTo: wholeNumber,
});

/** The tenant's log as a stream of the broker. */
export const auditBrokerStreamRoutes = {
  getAuditBrokerStream: route({
    method: 'GET',
    path,
    service,
    access,
    summary: "The tenant's stream in the broker",
    reply: stream,
  }),
  putAuditBrokerStream: route({
    method: 'PUT',
    path,
    service,
    access,
    summary:
      "Make the tenant's stream in the broker, or change for how many days it keeps what was published",
    body: z.strictObject({ maxAgeDays: z.int().min(1).max(365) }),
    reply: stream,
    errors: ['broker_streams_off'],
  }),
  deleteAuditBrokerStream: route({
    method: 'DELETE',
    path,
    service,
    access,
    summary: "Remove the tenant's stream and its reader from the broker; the log stays",
    reply: nothing,
    status: 204,
    errors: ['broker_streams_off'],
  }),
  rotateAuditBrokerCredentials: route({
    method: 'POST',
    path: `${path}/rotate-credentials`,
    service,
    access,
    summary: "Another password for the stream's reader; the one before ends at once",
    reply: stream,
    errors: ['broker_streams_off'],
  }),
} as const;
