import { Ajv, type ValidateFunction } from 'ajv';
import ajvFormats from 'ajv-formats';
import { z } from 'zod';
import { callerWith } from './caller.ts';

/** A message as it is handed to the broker; the exchange is `''` for a command. */
export interface Published {
  readonly exchange: string;
  readonly routingKey: string;
  readonly body: unknown;
}

/** Tells each way in which a message is not as the gateway's AsyncAPI document has it, as `type pointer what`. */
export type CheckMessage = (message: Published) => readonly string[];

const Channel = z.object({
  messages: z.record(z.string(), z.object({ $ref: z.string() })),
  bindings: z.object({ amqp: z.object({ exchange: z.object({ name: z.string() }).optional() }) }),
});
const Document = z.looseObject({
  channels: z.record(z.string(), Channel),
  components: z.looseObject({ schemas: z.unknown() }),
});
const Typed = z.object({ type: z.string() });

/** The AsyncAPI document of the gateway: its channels by their routing keys, and the check of a message. */
export interface AsyncApi {
  readonly routingKeys: readonly string[];
  readonly check: CheckMessage;
}

/** Fetches the document from the gateway and makes the check of it. */
export async function readAsyncApi(): Promise<AsyncApi> {
  const { text } = await callerWith().raw({ method: 'GET', path: '/v1/asyncapi.json' });
  const document = Document.parse(JSON.parse(text));
  const ajv = new Ajv({ strict: false, allErrors: true });
  ajvFormats.default(ajv);
  ajv.addSchema(closed(document), 'asyncapi', false, false);
  const check: CheckMessage = ({ exchange, routingKey, body }) => {
    const type = Typed.parse(body).type;
    const channel = document.channels[routingKey];
    if (channel === undefined || (channel.bindings.amqp.exchange?.name ?? '') !== exchange)
      return [`${type}: the document has no channel ${routingKey} on the exchange "${exchange}"`];
    const message = channel.messages[type];
    if (message === undefined) return [`${type}: not a message of the channel ${routingKey}`];
    return faultsOf(ajv.getSchema(`asyncapi${message.$ref}/payload`), type, body);
  };
  return { routingKeys: Object.keys(document.channels), check };
}

function faultsOf(validate: ValidateFunction | undefined, type: string, body: unknown): string[] {
  if (validate === undefined) return [`${type}: its $ref leads nowhere`];
  validate(body);
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) =>
      `${type} ${instancePath} ${message ?? ''} ${JSON.stringify(params)}`,
  );
}

/** For readers the objects are open; whoever publishes says nothing that the document does not have. */
function closed(document: z.infer<typeof Document>): object {
  const schemas = closedSchema(document.components.schemas);
  return { ...document, components: { ...document.components, schemas } };
}

function closedSchema(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(closedSchema);
  if (part === null || typeof part !== 'object') return part;
  const inner = Object.fromEntries(Object.entries(part).map(([key, value]) => [key, closedSchema(value)]));
  return 'properties' in part ? { additionalProperties: false, ...inner } : inner;
}
