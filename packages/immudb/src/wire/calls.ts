import { join } from 'node:path';
import { loadSync, type MethodDefinition, type ServiceDefinition } from '@grpc/proto-loader';
import { present } from '@ironforge/kernel';
import { type Refused, refused } from '../refusal.ts';
import type { Call } from './answers.ts';

/** The path of a call, and its request as bytes. */
export function encodeCall(name: string, request: object): { readonly path: string; readonly bytes: Buffer } {
  const { path, requestSerialize } = methodOf(name);
  return { path, bytes: requestSerialize(request) };
}

/** An answer read from its bytes; refused as `malformed`, with the field that is wrong, and never thrown. */
export function decodeAnswer<T>({ name, answer }: Call<T>, bytes: Buffer): { readonly read: T } | Refused {
  const parsed = answer.safeParse(decoded(name, bytes));
  if (parsed.success) return { read: parsed.data };
  const [issue] = parsed.error.issues;
  return refused('malformed', `${name}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
}

/** The message of an answer's bytes; null when they are none. */
function decoded(name: string, bytes: Buffer): object | null {
  try {
    return methodOf(name).responseDeserialize(bytes);
  } catch {
    return null;
  }
}

const SERVICE = serviceIn(join(import.meta.dirname, 'immudb.proto'));

function methodOf(name: string): MethodDefinition<object, object> {
  return present(SERVICE[name], `call ${name}`);
}

// Numbers of 64 bits as text, since some are beyond what Number holds; what is left out comes as its default or as null.
function serviceIn(file: string): ServiceDefinition {
  const loaded = loadSync(file, { keepCase: true, longs: String, defaults: true, arrays: true });
  const service = loaded['immudb.schema.ImmuService'];
  if (service === undefined || 'format' in service) throw new Error(`${file} has no service`);
  return service;
}
