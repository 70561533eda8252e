import { CONTENT_TYPE, type MessageComponents, messageComponents } from './asyncapi-messages.ts';
import { COMMAND_QUEUES } from './commands.ts';
import { EVENTS_BY_SERVICE } from './events.ts';

/** An AsyncAPI 3.0 document, as far as ours goes. */
export interface AsyncApiDocument {
  readonly asyncapi: '3.0.0';
  readonly info: object;
  readonly defaultContentType: string;
  readonly servers: object;
  readonly channels: Readonly<Record<string, object>>;
  readonly operations: Readonly<Record<string, object>>;
  readonly components: MessageComponents;
}

/** The AsyncAPI 3.0 document of every message between services. Who reads an event is not told: any service may bind a queue. */
export function asyncApiDocument(): AsyncApiDocument {
  const channels = [...eventChannels(), ...commandChannels()];
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'IronForge messages',
      version: '1',
      description:
        'CloudEvents 1.0 in structured JSON, delivered at least once: the same `id` may come again, and of two ' +
        'messages about one subject the higher `aggregateversion` counts. Amounts are decimal strings in base units. ' +
        'Fields may be added; readers ignore those they do not know. ' +
        'A tenant may have its audit log as a stream, `audit.stream.<tenant>`: no events, but each sealed entry as its canonical ' +
        'JSON, with the headers `sequence`, `follows` (the entry before it), `checkpoint-size` and `tenant-id` (PUT /v1/audit/broker-stream).',
    },
    defaultContentType: CONTENT_TYPE,
    servers: { broker: BROKER },
    channels: Object.fromEntries(channels.map((channel) => [channel.address, toChannel(channel)])),
    operations: Object.fromEntries(channels.flatMap(toOperations)),
    components: messageComponents(),
  };
}

const BROKER = {
  host: '{broker}',
  protocol: 'amqp',
  protocolVersion: '0.9.1',
  description: 'The RabbitMQ of the installation, inside its network alone.',
  variables: { broker: { description: 'Host and port, as in the AMQP_URL that services are given.' } },
};

const EXCHANGE = { name: 'ironforge.events', type: 'topic', durable: true, autoDelete: false };

/** Of AsyncAPI's AMQP bindings. */
const BINDINGS = { bindingVersion: '0.3.0' };

/** A place that messages of one type go to, and which services are known to send or receive there. */
interface Channel {
  /** The routing key: the type of an event, the queue of a command. */
  readonly address: string;
  readonly type: string;
  readonly description: string;
  readonly amqp: object;
  readonly senders: readonly string[];
  readonly receivers: readonly string[];
}

function eventChannels(): Channel[] {
  return Object.entries(EVENTS_BY_SERVICE).flatMap(([service, events]) =>
    Object.keys(events).map((type) => ({
      address: type,
      type,
      description: `An event of ${service}; bind a queue to this routing key.`,
      amqp: { is: 'routingKey', exchange: EXCHANGE },
      senders: [service],
      receivers: [],
    })),
  );
}

function commandChannels(): Channel[] {
  return Object.entries(COMMAND_QUEUES).map(([queue, { command, senders, receiver }]) => ({
    address: queue,
    type: command,
    description: `Commands to ${receiver}, sent to the queue through the default exchange.`,
    amqp: { is: 'queue', queue: { name: queue, durable: true, exclusive: false, autoDelete: false } },
    senders,
    receivers: [receiver],
  }));
}

function toChannel({ address, type, description, amqp }: Channel): object {
  return {
    address,
    description,
    messages: { [type]: { $ref: `#/components/messages/${type}` } },
    bindings: { amqp: { ...amqp, ...BINDINGS } },
  };
}

function toOperations(channel: Channel): [string, object][] {
  const sent = { deliveryMode: PERSISTENT, mandatory: true, ...BINDINGS };
  const received = { ack: true, ...BINDINGS };
  return [
    ...channel.senders.map((service) => toOperation(channel, { service, action: 'send', amqp: sent })),
    ...channel.receivers.map((service) =>
      toOperation(channel, { service, action: 'receive', amqp: received }),
    ),
  ];
}

const PERSISTENT = 2; // AMQP 0-9-1, delivery-mode

interface Role {
  readonly service: string;
  readonly action: 'send' | 'receive';
  readonly amqp: object;
}

function toOperation({ address, type }: Channel, { service, action, amqp }: Role): [string, object] {
  const channel = `#/channels/${address}`;
  const operation = {
    action,
    channel: { $ref: channel },
    messages: [{ $ref: `${channel}/messages/${type}` }],
    tags: [{ name: service }],
    bindings: { amqp },
  };
  return [`${service}.${action}.${address}`, operation];
}
