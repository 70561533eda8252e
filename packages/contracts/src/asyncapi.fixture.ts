import { MAX_UNITS } from '@ironforge/kernel';
import fc from 'fast-check';
import { z } from 'zod';
import { units, utcTime } from './scalars.ts';

/** Values that a schema of the contracts takes, made from the schema itself; the tests check that it does take them. */
export function valueOf(schema: z.ZodType): fc.Arbitrary<unknown> {
  if (schema === units) return fc.bigInt({ min: 0n, max: MAX_UNITS }).map(String);
  if (schema === utcTime) return utcTimes;
  if (schema instanceof z.ZodObject) return objectOf(schema);
  if (schema instanceof z.ZodNullable) return fc.option(valueOf(inner(schema.unwrap())));
  if (schema instanceof z.ZodOptional) return fc.option(valueOf(inner(schema.unwrap())), { nil: undefined });
  if (schema instanceof z.ZodArray) return arrayOf(schema);
  if (schema instanceof z.ZodRecord) return fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 3 });
  return scalarOf(schema);
}

const utcTimes = fc
  .date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true })
  .map((time) => time.toISOString());

function objectOf({ shape }: z.ZodObject<z.core.$ZodShape>): fc.Arbitrary<unknown> {
  const fields = Object.entries(shape).map(([key, schema]) => [key, valueOf(inner(schema))] as const);
  return fc.record(Object.fromEntries(fields)).map(asSent);
}

function scalarOf(schema: z.ZodType): fc.Arbitrary<unknown> {
  if (schema instanceof z.ZodLiteral) return fc.constantFrom(...schema.values);
  if (schema instanceof z.ZodEnum) return fc.constantFrom(...schema.options);
  if (schema instanceof z.ZodBoolean) return fc.boolean();
  if (schema instanceof z.ZodUnknown) return fc.jsonValue();
  if (schema instanceof z.ZodUUID) return fc.uuid();
  if (schema instanceof z.ZodNumber)
    return fc.integer({ min: schema.minValue ?? 0, max: schema.maxValue ?? Number.MAX_SAFE_INTEGER });
  if (schema instanceof z.ZodString) return stringOf(schema);
  throw new Error(`no values for ${schema.type}: add them`);
}

function stringOf(schema: z.ZodString): fc.Arbitrary<string> {
  const regex = schema.def.checks?.find((check) => check instanceof z.core.$ZodCheckRegex);
  if (regex !== undefined) return fc.stringMatching(regex._zod.def.pattern);
  return fc.string({ maxLength: schema.maxLength ?? 300 });
}

// zod types the parts of a schema by its core, of which every class of ours is one.
function inner(schema: z.core.$ZodType): z.ZodType {
  return schema as z.ZodType;
}

/** The value with one field somewhere in it missing, under another name or of another kind. */
export function changed(value: object): fc.Arbitrary<unknown> {
  return fc
    .tuple(fc.constantFrom(...pathsOf(value)), fc.constantFrom(...CHANGES))
    .map(([path, change]) => changeAt(structuredClone(value), path, change));
}

type Fields = Record<string, unknown>;
type Change = (holder: Fields, key: string) => void;

const CHANGES: readonly Change[] = [
  (holder, key) => delete holder[key],
  (holder, key) => {
    holder[`${key}X`] = holder[key];
    delete holder[key];
  },
  (holder, key) => (holder[key] = typeof holder[key] === 'string' ? 0.5 : 'another kind'),
];

function pathsOf(value: unknown): string[][] {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, part]) => [
    [key],
    ...pathsOf(part).map((path) => [key, ...path]),
  ]);
}

function changeAt(value: object, path: readonly string[], change: Change): unknown {
  const holder = path.slice(0, -1).reduce((part, key) => part[key] as Fields, value as Fields);
  change(holder, path.at(-1) ?? '');
  return asSent(value);
}

// As a message goes: a field that is undefined is not there.
function asSent(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** A least length is told as a check of the schema, which its JSON schema shows. */
function arrayOf(schema: z.ZodArray): fc.Arbitrary<unknown> {
  const { minItems: minLength = 0 } = z.toJSONSchema(schema);
  return fc.array(valueOf(inner(schema.element)), { minLength, maxLength: minLength + 3 });
}
