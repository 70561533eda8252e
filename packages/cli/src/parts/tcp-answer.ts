import { connect } from 'node:net';

/** What is said to a listener, and when its answer is whole. */
export interface TcpQuestion {
  readonly host: string;
  readonly port: number;
  /** What is sent once connected; empty asks only whether somebody listens. */
  readonly send: string;
  readonly isWhole: (answer: string) => boolean;
}

const WITHIN_MS = 2_000;

/** The answer over a plain TCP connection; throws when nobody listens or it does not come within two seconds. */
export function tcpAnswer({ host, port, send, isWhole }: TcpQuestion): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    let answer = '';
    const fail = (reason: string): void => {
      socket.destroy();
      reject(new Error(reason));
    };
    const endIfWhole = (): void => {
      if (!isWhole(answer)) return;
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(WITHIN_MS, () => fail(`no answer within ${WITHIN_MS} ms`));
    socket.once('error', (error) => fail(error.message));
    socket.once('close', () => fail(`closed after ${answer.trim() || 'nothing'}`));
    socket.on('data', (chunk) => {
      answer += chunk.toString();
      endIfWhole();
    });
    socket.once('connect', () => {
      socket.write(send);
      endIfWhole();
    });
  });
}
