import { Client } from 'pg';
import { z } from 'zod';
import { environment } from '../world/environment.ts';

const Sent = z.object({ id: z.string(), exchange: z.string(), routing_key: z.string(), body: z.string() });

/** Every message about a tenant that was published. */
export async function outboxOf(tenantId: string): Promise<readonly z.infer<typeof Sent>[]> {
  const { rows } = await ask(
    `SELECT id, exchange, routing_key, body FROM outbox WHERE tenant_id = $1 AND state = 'published'`,
    [tenantId],
  );
  return z.array(Sent).parse(rows);
}

/** One message of a service is as if its process had died before it marked it: published, and nobody knows. */
export async function forgetPublishing(service: string): Promise<void> {
  const { rowCount } = await ask(
    `UPDATE outbox SET state = 'pending', published_at = NULL, claimed_until = now()
     WHERE id = (SELECT id FROM outbox WHERE service = $1 AND state = 'published' ORDER BY published_at DESC LIMIT 1)`,
    [service],
  );
  if (rowCount !== 1) throw new Error(`${service} has published nothing`);
}

async function ask(text: string, values: readonly unknown[]) {
  const client = new Client({ connectionString: environment.databaseUrl });
  await client.connect();
  try {
    return await client.query(text, [...values]);
  } finally {
    await client.end();
  }
}

/** The properties of a message with this id, as the services set them. */
export function propertiesOf(id: string) {
  return { message_id: id, delivery_mode: 2, content_type: 'application/cloudevents+json' };
}
