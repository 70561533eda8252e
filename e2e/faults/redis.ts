import { connect } from 'node:net';
import { environment } from '../world/environment.ts';

/** Empties the installation's Redis (RESP over a bare socket). Throws when it does not say OK. */
export async function flushRedis(): Promise<void> {
  const { hostname, port, username, password } = new URL(environment.redisUrl);
  const login = password === '' ? '' : `AUTH ${username === '' ? '' : `${username} `}${password}\r\n`;
  const reply = await talk({ host: hostname, port: Number(port) }, `${login}FLUSHALL\r\nQUIT\r\n`);
  if (!reply.endsWith('+OK\r\n+OK\r\n')) throw new Error(`FLUSHALL: ${reply}`);
}

function talk(address: { host: string; port: number }, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(address, () => socket.write(text));
    let reply = '';
    socket.on('data', (chunk) => void (reply += chunk.toString()));
    socket.on('error', reject);
    socket.on('close', () => resolve(reply));
  });
}
