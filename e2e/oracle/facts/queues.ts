import { z } from 'zod';
import { manage, peek, queueNames, vhost } from '../../world/broker.ts';

const EVENTS = 'ironforge.events';

const Binding = z.object({ destination: z.string(), routing_key: z.string() });

/** What lies in the broker, by message ids, and who is to be given what. */
export interface Queues {
  /** Every queue that lives on without its reader, without the dead ones. */
  readonly names: readonly string[];
  /** Of messages that wait in a queue or were put aside. */
  readonly waitingIn: ReadonlyMap<string, readonly string[]>;
  readonly deadOf: ReadonlyMap<string, readonly string[]>;
  /** The queues that a message of this routing key comes to. */
  readonly readersOf: (exchange: string, routingKey: string) => readonly string[];
}

/** Looks into every queue without taking anything. */
export async function readQueues(): Promise<Queues> {
  const all = await queueNames();
  const names = all.filter((name) => all.includes(`${name}.dead`));
  const bindings = z
    .array(Binding)
    .parse(await manage('GET', `/exchanges/${vhost}/${EVENTS}/bindings/source`))
    .filter(({ destination }) => names.includes(destination));
  return {
    names,
    waitingIn: await idsIn(names, ''),
    deadOf: await idsIn(names, '.dead'),
    readersOf: (exchange, routingKey) => (exchange === '' ? [routingKey] : readersOf(bindings, routingKey)),
  };
}

function readersOf(bindings: readonly z.output<typeof Binding>[], routingKey: string): readonly string[] {
  const [area] = routingKey.split('.');
  const matching = bindings.filter(({ routing_key: pattern }) => [routingKey, `${area}.*`].includes(pattern));
  return [...new Set(matching.map(({ destination }) => destination))];
}

async function idsIn(names: readonly string[], ending: string): Promise<Map<string, readonly string[]>> {
  const ids = names.map(async (name) => {
    const messages = await peek(`${name}${ending}`);
    return [name, messages.map(({ properties }) => String(properties['message_id']))] as const;
  });
  return new Map(await Promise.all(ids));
}
