import official from '@asyncapi/specs/schemas/3.0.0-without-$id.json' with { type: 'json' };
import { Ajv } from 'ajv';
import ajvFormats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { changed, valueOf } from './asyncapi.fixture.ts';
import { asyncApiDocument } from './asyncapi.ts';
import { COMMAND_QUEUES, COMMANDS } from './commands.ts';
import { envelope } from './envelope.ts';
import { EVENTS, EVENTS_BY_SERVICE } from './events.ts';

const document = asyncApiDocument();
const TYPES = Object.entries<z.ZodObject>({ ...EVENTS, ...COMMANDS });

const ajv = new Ajv({ strict: false, allErrors: true });
ajvFormats.default(ajv);
ajv.addSchema(document, 'asyncapi', false, false);

describe('asyncApiDocument', () => {
  it('is AsyncAPI 3.0.0, AMQP bindings included, as the official JSON schema has it', () => {
    const validate = ajv.compile(official);
    validate(document);
    expect(validate.errors).toBeNull();
    validate(JSON.parse(JSON.stringify(document).replaceAll('"topic"', '"toppic"')));
    expect(validate.errors).not.toBeNull();
  });

  it('is plain JSON, and every $ref in it leads to something', () => {
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
    for (const [, ref] of JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g))
      expect(`${ref} ${typeof at(ref ?? '')}`).toBe(`${ref} object`);
  });

  it('has every event and every command exactly once', () => {
    expect(Object.keys(document.components.messages).toSorted()).toEqual(
      TYPES.map(([type]) => type).toSorted(),
    );
    expect(Object.keys(document.channels).toSorted()).toEqual(
      [...Object.keys(EVENTS), ...Object.keys(COMMAND_QUEUES)].toSorted(),
    );
    for (const type of Object.keys(EVENTS))
      expect(document.channels[type]).toMatchObject({
        address: type,
        messages: { [type]: { $ref: `#/components/messages/${type}` } },
      });
    for (const [queue, { command }] of Object.entries(COMMAND_QUEUES))
      expect(document.channels[queue]).toMatchObject({
        address: queue,
        messages: { [command]: { $ref: `#/components/messages/${command}` } },
      });
  });

  it('has one service that sends each event, and for each queue its senders and its receiver', () => {
    const events = Object.entries(EVENTS_BY_SERVICE).flatMap(([service, ofService]) =>
      Object.keys(ofService).map((type) => `${service}.send.${type}`),
    );
    const commands = Object.entries(COMMAND_QUEUES).flatMap(([queue, { senders, receiver }]) => [
      ...senders.map((service) => `${service}.send.${queue}`),
      `${receiver}.receive.${queue}`,
    ]);
    expect(Object.keys(document.operations).toSorted()).toEqual([...events, ...commands].toSorted());
  });
});

describe.each(TYPES)('the schema of %s', (type, data) => {
  const whole = envelope.extend({ type: z.literal(type), source: z.enum(sourcesOf(type)), data });
  const validate = ajv.getSchema(`asyncapi#/components/messages/${type}/payload`);

  it('takes what zod takes, and of changed ones refuses those that zod refuses', () => {
    fc.assert(
      fc.property(withChanged(whole), ({ value, other }) => {
        expect(whole.safeParse(value).error).toBeUndefined();
        expect([validate?.(value), validate?.errors]).toEqual([true, null]);
        expect(validate?.(other)).toBe(whole.safeParse(other).success);
      }),
      { numRuns: 30 },
    );
  });

  it('wants the fields that zod wants under their names, and its own type and source', () => {
    const [value] = fc.sample(valueOf(whole), { numRuns: 1, seed: 1 }) as [Fields];
    expect(validate?.(value)).toBe(true);
    for (const key of Object.keys(data.shape)) {
      const { [key]: taken, ...left } = value['data'] as Fields;
      const renamed = { ...left, [`${key}X`]: taken };
      expect(validate?.({ ...value, data: renamed })).toBe(data.safeParse(renamed).success);
    }
    expect(validate?.({ ...value, type: 'thing.happened' })).toBe(false);
    expect(validate?.({ ...value, source: 'gateway' })).toBe(false);
  });
});

it('refuses an amount that is no whole number of base units', () => {
  const validate = ajv.getSchema('asyncapi#/components/schemas/units');
  expect(['0', '1', '1000000000000000000'].map((text) => validate?.(text))).toEqual([true, true, true]);
  expect(['', '-1', '1.5', '01', '1e18', 1].map((text) => validate?.(text))).not.toContain(true);
});

type Fields = Record<string, unknown>;

function withChanged(
  schema: z.ZodObject,
): fc.Arbitrary<{ readonly value: unknown; readonly other: unknown }> {
  return valueOf(schema).chain((value) => changed(value as object).map((other) => ({ value, other })));
}

function sourcesOf(type: string): string[] {
  const services = Object.entries(EVENTS_BY_SERVICE).filter(([, events]) => type in events);
  const queues = Object.values(COMMAND_QUEUES).filter(({ command }) => command === type);
  return [...services.map(([service]) => service), ...queues.flatMap(({ senders }) => senders)];
}

function at(pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((part, key) => (part as Fields)[key], document);
}
