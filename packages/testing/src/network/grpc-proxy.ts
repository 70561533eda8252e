import {
  Client,
  credentials,
  type handleUnaryCall,
  type Metadata,
  Server,
  type sendUnaryData,
  ServerCredentials,
} from '@grpc/grpc-js';

/** What becomes of one answer: `real` asks the server, as often as wanted; what is given goes back instead. */
export type GrpcAct = (call: string, real: () => Promise<Buffer>) => Buffer | Promise<Buffer>;

/** A gRPC server in front of a real one, that passes bytes on as they are, or others in their place. */
export interface GrpcProxy extends AsyncDisposable {
  /** Host and port. */
  readonly address: string;
  /** Decides over each call from now on; null lets all pass. */
  readonly interfere: (act: GrpcAct | null) => void;
}

/** Which server, which service of it, and which of its calls; others are not there. */
export interface GrpcProxyOptions {
  readonly address: string;
  readonly service: string;
  readonly calls: readonly string[];
}

/** Opens a proxy on the loopback interface. */
export async function createGrpcProxy({ address, service, calls }: GrpcProxyOptions): Promise<GrpcProxy> {
  const line: { act: GrpcAct } = { act: passOn };
  const client = new Client(address, credentials.createInsecure());
  const server = new Server();
  for (const call of calls) {
    const path = `/${service}/${call}`;
    const handle: handleUnaryCall<Buffer, Buffer> = ({ request, metadata }, callback) => {
      const real = () => forward(client, path, { request, metadata });
      void respond(async () => await line.act(call, real), callback);
    };
    server.register(path, handle, asIs, asIs, 'unary');
  }
  const port = await bind(server);
  return {
    address: `127.0.0.1:${port}`,
    interfere: (act) => void (line.act = act ?? passOn),
    [Symbol.asyncDispose]: async () => {
      server.forceShutdown();
      client.close();
    },
  };
}

async function respond(answer: () => Promise<Buffer>, callback: sendUnaryData<Buffer>): Promise<void> {
  try {
    callback(null, await answer());
  } catch (error) {
    callback(error instanceof Error ? error : new Error(String(error)));
  }
}

const passOn: GrpcAct = (_, real) => real();

function asIs(bytes: Buffer): Buffer {
  return bytes;
}

interface Asked {
  readonly request: Buffer;
  readonly metadata: Metadata;
}

function forward(client: Client, path: string, { request, metadata }: Asked): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(path, asIs, asIs, request, metadata, (error, answer) => {
      if (error !== null || answer === undefined) reject(error ?? new Error('an answer has bytes'));
      else resolve(answer);
    });
  });
}

function bind(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
      if (error !== null) reject(error);
      else resolve(port);
    });
  });
}
