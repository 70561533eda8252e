import { z } from 'zod';
import { COMMAND_QUEUES, COMMANDS } from './commands.ts';
import { envelope } from './envelope.ts';
import { EVENTS_BY_SERVICE } from './events.ts';
import { addressEntry } from './events/address-book.ts';
import { depth } from './events/chain.ts';
import { apiKey, tenant, user } from './events/identity.ts';
import { transition, txStatus } from './events/tx-request.ts';
import { wallet } from './events/wallet.ts';
import { assetId, chainId, hash32, hexBytes, units, utcTime, uuid, wholeNumber } from './scalars.ts';

/** What `components` of an AsyncAPI document holds. */
export interface MessageComponents {
  readonly messages: Readonly<Record<string, object>>;
  readonly schemas: Readonly<Record<string, object>>;
}

/** What the broker is told about the body of every message (CloudEvents 1.0, structured mode). */
export const CONTENT_TYPE = 'application/cloudevents+json';

/** Schemas that stand in more than one place; those of a message's data have its type for a name. */
const NAMED = {
  envelope,
  uuid,
  chainId,
  assetId,
  units,
  hexBytes,
  hash32,
  utcTime,
  wholeNumber,
  depth,
  txStatus,
  tenant,
  user,
  apiKey,
  wallet,
  addressEntry,
  transition,
};

/** Every message once, as an envelope whose type, source and data are narrowed, and the schemas that they share. */
export function messageComponents(): MessageComponents {
  const messages = [...eventMessages(), ...commandMessages()];
  const names = z.registry<{ id: string }>();
  const named = [...Object.entries(NAMED), ...messages.map(({ type, data }) => [type, data] as const)];
  for (const [id, schema] of named) if (!names.has(schema)) names.add(schema, { id });
  return {
    messages: Object.fromEntries(
      messages.map((message) => {
        const data = refTo(names.get(message.data)?.id ?? message.type);
        return [message.type, toMessage(message, data)];
      }),
    ),
    schemas: schemasOf(names),
  };
}

interface Message {
  readonly type: string;
  readonly data: z.ZodType;
  readonly senders: readonly string[];
}

function eventMessages(): Message[] {
  const services = Object.entries<Readonly<Record<string, z.ZodType>>>(EVENTS_BY_SERVICE);
  return services.flatMap(([service, events]) =>
    Object.entries(events).map(([type, data]) => ({ type, data, senders: [service] })),
  );
}

function commandMessages(): Message[] {
  return Object.entries(COMMANDS).map(([type, data]) => {
    const queues = Object.values(COMMAND_QUEUES).filter(({ command }) => command === type);
    return { type, data, senders: [...new Set(queues.flatMap(({ senders }) => senders))] };
  });
}

function toMessage({ type, senders }: Message, data: object): object {
  const narrowed = {
    type: 'object',
    properties: { type: { const: type }, source: { enum: senders }, data },
  };
  return {
    name: type,
    contentType: CONTENT_TYPE,
    payload: { allOf: [refTo('envelope'), narrowed] },
  };
}

function refTo(id: string): { readonly $ref: string } {
  return { $ref: `#/components/schemas/${id}` };
}

/** Objects stay open, as `io: 'input'` leaves them: a reader ignores what he does not know. */
function schemasOf(names: z.core.$ZodRegistry<{ id: string }>): MessageComponents['schemas'] {
  const { schemas } = z.toJSONSchema(names, { target: 'draft-7', io: 'input', uri: (id) => refTo(id).$ref });
  return Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, withoutHead(schema)]));
}

function withoutHead({ $schema: _dialect, $id: _place, ...schema }: z.core.JSONSchema.BaseSchema): object {
  return schema;
}
