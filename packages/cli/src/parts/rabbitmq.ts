import { join } from 'node:path';
import { askBroker, askListener } from './asks.ts';
import type { Program } from '../supervisor/program.ts';
import { findSource } from './find-source.ts';
import type { Part, PartContext } from './part.ts';
import { portOf } from './port-of.ts';
import { fetchRabbitmq, type RabbitmqBinaries, rabbitmqOnPath } from './rabbitmq-binaries.ts';
import { rabbitmqEnv, writeRabbitmqFiles } from './rabbitmq-files.ts';

/** How the broker is reached: AMQP, and its management API with the same user. */
export interface BrokerAddress {
  readonly amqpUrl: string;
  readonly managementUrl: string;
}

/** RabbitMQ: given (AMQP_URL with AMQP_MANAGEMENT_URL), or a private node with a port mapper of its own. */
export async function rabbitmqPart(context: PartContext): Promise<Part<BrokerAddress>> {
  const found = await findSource({
    name: 'RabbitMQ',
    variable: 'AMQP_URL and AMQP_MANAGEMENT_URL',
    program: 'rabbitmq-server (version 3.10 or newer) and erl',
    given: context.env['AMQP_URL'],
    onPath: async () => rabbitmqOnPath(context.env),
    fetch: () => fetchRabbitmq(context),
  });
  if (found.from === 'url') return givenBroker(found.url, context.env['AMQP_MANAGEMENT_URL']);
  const login = `ironforge:${context.secrets.brokerPassword}@127.0.0.1`;
  const address = {
    amqpUrl: `amqp://${login}:${portOf(context.ports, 'rabbitmq')}`,
    managementUrl: `http://${login}:${portOf(context.ports, 'rabbitmq-management')}`,
  };
  const stages = [[epmdProgram(context, found.binary)], [brokerProgram(context, found.binary, address)]];
  return { name: 'rabbitmq', source: found.binary.home, address, stages };
}

function givenBroker(amqpUrl: string, managementUrl: string | undefined): Part<BrokerAddress> {
  const guess = amqpUrl.replace(/^amqp/, 'http').replace(/:\d+(?=\/|$)/, ':15672');
  const address = { amqpUrl, managementUrl: managementUrl ?? guess };
  return { name: 'rabbitmq', source: 'given by AMQP_URL', address, stages: [] };
}

// Erlang would start a port mapper by itself, on every address, and leave it running.
function epmdProgram({ ports }: PartContext, { epmd }: RabbitmqBinaries): Program {
  const port = portOf(ports, 'epmd');
  const url = `tcp://127.0.0.1:${port}`;
  return {
    name: 'epmd',
    kind: 'server',
    command: epmd,
    args: ['-address', '127.0.0.1', '-port', String(port)],
    env: {},
    ports: { epmd: port },
    url,
    stopSignal: 'SIGTERM',
    prepare: async () => undefined,
    ask: () => askListener(url, port),
  };
}

function brokerProgram(context: PartContext, binaries: RabbitmqBinaries, address: BrokerAddress): Program {
  const { ports } = context;
  const names = ['rabbitmq', 'rabbitmq-management', 'rabbitmq-distribution'];
  return {
    name: 'rabbitmq',
    kind: 'server',
    command: join(binaries.home, 'sbin', 'rabbitmq-server'),
    args: [],
    env: rabbitmqEnv(context, binaries),
    ports: Object.fromEntries(names.map((name) => [name, portOf(ports, name)])),
    url: address.amqpUrl,
    stopSignal: 'SIGTERM',
    prepare: async () => writeRabbitmqFiles(context),
    ask: () => askBroker(address.amqpUrl, address.managementUrl),
  };
}
