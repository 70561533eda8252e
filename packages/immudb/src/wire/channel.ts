import { type ChannelOptions, Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { AppError } from '@ironforge/kernel';
import type { Refused } from '../refusal.ts';
import type { Call } from './answers.ts';
import { decodeAnswer, encodeCall } from './calls.ts';

/** Where the server is. */
export interface ChannelTarget {
  /** Host and port. */
  readonly address: string;
  /** Encrypted, by the certificates that Node trusts; false by default. */
  readonly tls?: boolean | undefined;
  /** The certificates, in PEM, that the server's must come from instead; encrypted, too. */
  readonly rootCertificates?: string | undefined;
  /** How long one call may take. */
  readonly deadlineMs: number;
}

/** What the server said no to; what each number means stands in the gRPC specification. */
export interface ServerRefusal {
  readonly status: status;
  readonly words: string;
}

/** What becomes of a call: an answer, one that is not believed, or a no of the server's. */
export type Reply<T> = { readonly read: T } | Refused | { readonly no: ServerRefusal };

/** A way to the server that connects when it is used, and again after a loss. */
export interface Channel {
  /** One call, in a session if there is one. Throws `dependency_down` when the server is away or too slow. */
  readonly call: <T>(call: Call<T>, request: object, session?: string) => Promise<Reply<T>>;
  readonly close: () => void;
}

/** Opens a way to the server; it need not be there yet. */
export function openChannel({ address, deadlineMs, ...security }: ChannelTarget): Channel {
  const isEncrypted = security.tls === true || security.rootCertificates !== undefined;
  const way = `at ${address}, asked ${isEncrypted ? 'by' : 'without'} TLS`;
  const connect = () => new Client(address, credentialsOf(security), OPTIONS);
  let client = connect();
  // A connection on which nothing came back may be dead without knowing it, for a quarter of an hour.
  const reconnect = () => {
    client.close();
    client = connect();
  };
  return {
    call: async (what, request, session) => {
      const { path, bytes } = encodeCall(what.name, request);
      const answer = await send(client, { path, bytes, session, deadlineMs, way }).catch((error: unknown) => {
        reconnect();
        throw error;
      });
      return 'no' in answer ? answer : decodeAnswer(what, answer.bytes);
    },
    close: () => client.close(),
  };
}

// The greatest value of immudb is 32 MB; a server that was away is asked again soon.
const OPTIONS: ChannelOptions = {
  'grpc.max_receive_message_length': 40 * 1024 * 1024,
  'grpc.initial_reconnect_backoff_ms': 50,
  'grpc.max_reconnect_backoff_ms': 2_000,
  // Each has its own connection: what one client breaks does not break another's.
  'grpc.use_local_subchannel_pool': 1,
};

function credentialsOf({ tls, rootCertificates }: Pick<ChannelTarget, 'tls' | 'rootCertificates'>) {
  if (rootCertificates !== undefined) return credentials.createSsl(Buffer.from(rootCertificates));
  return tls === true ? credentials.createSsl() : credentials.createInsecure();
}

interface Sent {
  readonly path: string;
  readonly bytes: Buffer;
  readonly session: string | undefined;
  readonly deadlineMs: number;
  /** Where, and how: what a fault is to name. */
  readonly way: string;
}

type RawReply = { readonly bytes: Buffer } | { readonly no: ServerRefusal };

function send(client: Client, { path, bytes, session, deadlineMs, way }: Sent): Promise<RawReply> {
  const metadata = new Metadata();
  if (session !== undefined) metadata.set('sessionid', session);
  const asIs = (value: Buffer) => value;
  return new Promise((resolve, reject) => {
    const deadline = Date.now() + deadlineMs;
    client.makeUnaryRequest(path, asIs, asIs, bytes, metadata, { deadline }, (error, answer) => {
      if (error === null) resolve({ bytes: answer ?? Buffer.alloc(0) });
      else if (AWAY.includes(error.code)) reject(awayFault(way, error));
      else resolve({ no: { status: error.code, words: error.details } });
    });
  });
}

/** What is of the way and not of the call: nobody knows then what became of the call. */
const AWAY: readonly status[] = [
  status.UNAVAILABLE,
  status.DEADLINE_EXCEEDED,
  status.CANCELLED,
  status.RESOURCE_EXHAUSTED,
  status.INTERNAL,
];

function awayFault(way: string, error: ServiceError): AppError {
  const detail = `immudb does not answer ${way}: ${error.details}`;
  return new AppError('dependency_down', { detail, retry: 'later', cause: error });
}
