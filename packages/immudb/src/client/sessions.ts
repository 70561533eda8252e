import { AppError } from '@ironforge/kernel';
import type { Answer, Refused } from '../refusal.ts';
import { type Call, CALLS } from '../wire/answers.ts';
import type { Channel, Reply, ServerRefusal } from '../wire/channel.ts';

/** One session of a user in a database. */
export interface Session {
  readonly serverUuid: string;
  readonly call: <T>(call: Call<T>, request: object) => Promise<Reply<T>>;
}

/** What became of work in a session; a `no` that the work did not expect may mean that the session has ended. */
export type Outcome<T> = Answer<T> | { readonly no: ServerRefusal };

/** Who opens sessions, and what is looked at in each new one before it is used. */
export interface SessionOptions {
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly whenOpened: (session: Session) => Promise<Outcome<unknown>>;
}

/** A session that is opened when it is needed, and again when the server has forgotten it. */
export interface Sessions {
  /** Work in a session. Throws `dependency_down` when the server is away, or says no twice. */
  readonly use: <T>(work: (session: Session) => Promise<Outcome<T>>) => Promise<Answer<T>>;
  readonly close: () => Promise<void>;
}

/** Makes the session of a channel. */
export function createSessions(channel: Channel, options: SessionOptions): Sessions {
  let current: OpenedSession | null = null;
  const once = async <T>(work: (session: Session) => Promise<Outcome<T>>): Promise<Outcome<T>> => {
    const opened = current ?? (await open(channel, options));
    if (!('id' in opened)) return opened;
    current = opened;
    return await work(opened);
  };
  const leave = async (): Promise<void> => {
    const last = current;
    current = null;
    if (last !== null) await end(last);
  };
  return {
    use: async (work) => {
      const first = await once(work);
      if (!('no' in first)) return first;
      await leave();
      const second = await once(work);
      if (!('no' in second)) return second;
      throw faultOf(second.no);
    },
    close: async () => {
      await leave();
      channel.close();
    },
  };
}

interface OpenedSession extends Session {
  readonly id: string;
}

async function open(
  channel: Channel,
  { user, password, database, whenOpened }: SessionOptions,
): Promise<OpenedSession | Refused | { readonly no: ServerRefusal }> {
  const login = { username: Buffer.from(user), password: Buffer.from(password), databaseName: database };
  const reply = await channel.call(CALLS.openSession, login);
  if (!('read' in reply)) return reply;
  const { sessionID: id, serverUUID: serverUuid } = reply.read;
  const session = {
    id,
    serverUuid,
    call: <T>(what: Call<T>, request: object) => channel.call(what, request, id),
  };
  const looked = await whenOpened(session);
  if ('verified' in looked) return session;
  await end(session);
  return looked;
}

/** The server keeps only so many sessions; one that is not closed is forgotten by it after some minutes. */
async function end(session: Session): Promise<void> {
  await session.call(CALLS.closeSession, {}).catch(() => undefined);
}

function faultOf({ words }: ServerRefusal): AppError {
  return new AppError('dependency_down', { detail: `immudb says no: ${words}`, retry: 'later' });
}
