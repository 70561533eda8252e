import { createInterface } from 'node:readline';
import { createBus } from '@ironforge/bus';
import { envelope } from '@ironforge/contracts';
import { present } from '@ironforge/kernel';
import { createOutbox, createStore } from '@ironforge/store';
import { createCollectingLogger } from '@ironforge/testing';
import { z } from 'zod';
import { tenantId } from './messages.fixture.ts';
import { TOPOLOGY } from './outbox.fixture.ts';

// A service that is killed, or stops for ever, between the commit of what it says and its fast path. It says "ready", is told
// what to say, says "written" inside of the transaction, and is told to commit.
const env = z
  .object({
    DATABASE_URL: z.string(),
    AMQP_URL: z.string(),
    SERVICE: z.string(),
    CLAIM_MS: z.coerce.number(),
    ENDING: z.enum(['SIGKILL', 'SIGSTOP']),
  })
  .parse(process.env);
const said = z.array(
  z.object({ id: z.string(), exchange: z.string(), routingKey: z.string(), body: envelope }),
);

const log = createCollectingLogger();
const store = createStore({ url: env.DATABASE_URL, log, pool: { min: 0, max: 2 } });
const bus = await createBus({ url: env.AMQP_URL, instance: 'doomed', log, topology: TOPOLOGY });
const outbox = createOutbox({ store, publisher: bus, log, service: env.SERVICE, claimMs: env.CLAIM_MS });
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

process.stdout.write('ready\n');
const messages = said.parse(JSON.parse(await nextLine()));
await store.forTenant(tenantId).transaction(async (tx) => {
  tx.afterCommit(end);
  outbox.add(tx, messages);
  process.stdout.write('written\n');
  await nextLine();
});

async function nextLine(): Promise<string> {
  const line: unknown = (await lines.next()).value;
  return String(present(line, 'a line'));
}

// The fast path's own hook comes after this one, and this one never returns: the signal may take a moment.
function end(): void {
  process.kill(process.pid, env.ENDING);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}
