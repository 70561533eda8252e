import { Client } from 'pg';
import { z } from 'zod';
import { environment } from '../world/environment.ts';

const Sent = z.object({ id: z.string(), exchange: z.string(), routing_key: z.string(), body: z.string() });

/** Every message about a tenant that was published. */
export async function outboxOf(tenantId: string): Promise<readonly z.infer<typeof Sent>[]> {
  const client = new Client({ connectionString: environment.databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query(
      `SELECT id, exchange, routing_key, body FROM outbox WHERE tenant_id = $1 AND state = 'published'`,
      [tenantId],
    );
    return z.array(Sent).parse(rows);
  } finally {
    await client.end();
  }
}

/** The properties of a message with this id, as the services set them. */
export function propertiesOf(id: string) {
  return { message_id: id, delivery_mode: 2, content_type: 'application/cloudevents+json' };
}
