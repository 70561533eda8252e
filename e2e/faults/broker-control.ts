import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { present } from '../world/present.ts';
import { environmentOf, pidOf } from './fleet.ts';

const run = promisify(execFile);

/** Gives the installation's broker an order by its own rabbitmqctl. Throws what that says. */
export async function brokerControl(...order: readonly string[]): Promise<void> {
  const env = environmentOf(pidOf('rabbitmq'));
  const home = present(env['RABBITMQ_HOME'], 'RABBITMQ_HOME');
  await run(join(home, 'sbin', 'rabbitmqctl'), order, { env });
}
