import { AppError } from '@ironforge/kernel';
import { type Call, CALLS } from '../wire/answers.ts';
import { type Channel, openChannel } from '../wire/channel.ts';
import type { ServerPlace } from './immudb.ts';

/** Makes a database unless it is there. The user must be an administrator; throws `dependency_down` when the server will not. */
export async function ensureDatabase(place: ServerPlace, name: string): Promise<void> {
  await onChannel(place, async (channel) => {
    const login = { username: Buffer.from(place.user), password: Buffer.from(place.password) };
    const { sessionID } = await answerTo(channel, CALLS.openSession, { ...login, databaseName: 'defaultdb' });
    await answerTo(channel, CALLS.createDatabase, { name, ifNotExists: true }, sessionID);
    await channel.call(CALLS.closeSession, {}, sessionID);
  });
}

/** What a server says of its version, to anybody. Throws `dependency_down` when it does not answer. */
export async function serverVersion(
  place: Pick<ServerPlace, 'address' | 'tls' | 'rootCertificates'>,
): Promise<string> {
  return (await onChannel(place, (channel) => answerTo(channel, CALLS.serverInfo, {}))).version;
}

async function onChannel<T>(
  place: Pick<ServerPlace, 'address' | 'tls' | 'rootCertificates' | 'deadlineMs'>,
  work: (channel: Channel) => Promise<T>,
): Promise<T> {
  const channel = openChannel({ ...place, deadlineMs: place.deadlineMs ?? DEADLINE_MS });
  try {
    return await work(channel);
  } finally {
    channel.close();
  }
}

const DEADLINE_MS = 10_000;

async function answerTo<T>(channel: Channel, ...asked: [Call<T>, object, string?]): Promise<T> {
  const reply = await channel.call(...asked);
  if ('read' in reply) return reply.read;
  const words = 'no' in reply ? reply.no.words : reply.refused.detail;
  throw new AppError('dependency_down', { detail: `immudb says no: ${words}`, retry: 'later' });
}
