import { randomUUID } from 'node:crypto';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { z } from 'zod';
import { publish } from '../../world/broker.ts';
import { environment } from '../../world/environment.ts';
import { headHeight } from '../../world/node.ts';
import { present } from '../../world/present.ts';
import { forgetPublishing, outboxOf, propertiesOf } from '../outbox.ts';
import type { Errand } from './errand.ts';

const AUDIT = 'audit';
const COMMANDS = 'balance_update.evm';

/** A message that nobody can read. */
export const poison: Errand = () => put(AUDIT, '{"no envelope"');

/** A command about a chain that there is not: it is tried again and again. */
export const fail: Errand = async ({ tenant }) =>
  put(COMMANDS, await commandWith(tenant.id, { chainId: 'eip155:999' }));

/** A command that the watcher can carry out only some blocks later: it waits alone. */
export const comeTooEarly: Errand = async ({ tenant }) =>
  put(COMMANDS, await commandWith(tenant.id, { minHeight: (await headHeight()) + BLOCKS_TOO_EARLY }));

/** A message that a crash left behind, whatever the process died of before. */
export const leaveBehind: Errand = () => forgetPublishing('wallet-registry');

const BLOCKS_TOO_EARLY = 5;

const Command = z.looseObject({ data: z.looseObject({}) });

/** One that was sent before, under a new id and with some of it changed. */
async function commandWith(tenantId: string, change: object): Promise<string> {
  const sent = (await outboxOf(tenantId)).find(({ routing_key }) => routing_key === COMMANDS);
  const command = Command.parse(JSON.parse(present(sent, 'a command').body));
  return JSON.stringify({ ...command, id: randomUUID(), data: { ...command.data, ...change } });
}

async function put(routing_key: string, payload: string): Promise<void> {
  await publish('amq.default', { routing_key, payload, properties: propertiesOf(randomUUID()) });
}

const MAIN = resolve(import.meta.dirname, '../../../packages/cli/src/main.ts');

/** Somebody puts what lies dead back into its queue, with this added to the environment of the program. */
export async function replayDead(variables: Readonly<Record<string, string>>): Promise<void> {
  await put(`${AUDIT}.dead`, '{"no envelope"');
  const env = { ...process.env, ...variables, AMQP_URL: environment.amqpUrl };
  const args = ['--disable-warning=ExperimentalWarning', MAIN, 'queues', 'replay', AUDIT, '--all'];
  await once(spawn(process.execPath, args, { env, stdio: 'ignore' }), 'exit');
}
