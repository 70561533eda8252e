import { connect } from 'node:net';
import { environment } from '../world/environment.ts';

/** Empties the installation's Redis. Throws when it does not say OK. */
export async function flushRedis(): Promise<void> {
  const reply = await talk('FLUSHALL');
  if (!reply.endsWith('+OK\r\n+OK\r\n')) throw new Error(`FLUSHALL: ${reply}`);
}

/** Puts a list where each value stood, which no reader of ours expects; gives the number of keys. */
export async function spoilRedis(): Promise<number> {
  const keys = (await talk('KEYS *')).split('\r\n').filter((line) => /^[a-z]+:/.test(line));
  for (const key of keys) await talk(`DEL ${key}`, `LPUSH ${key} wrong`);
  return keys.length;
}

/** Speaks RESP over a bare socket; the answers in one text, that of QUIT last. */
function talk(...commands: readonly string[]): Promise<string> {
  const { hostname: host, port, username, password } = new URL(environment.redisUrl);
  const login = password === '' ? [] : [`AUTH ${username === '' ? '' : `${username} `}${password}`];
  const text = [...login, ...commands, 'QUIT'].map((command) => `${command}\r\n`).join('');
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: Number(port) }, () => socket.write(text));
    let reply = '';
    socket.on('data', (chunk) => void (reply += chunk.toString()));
    socket.on('error', reject);
    socket.on('close', () => resolve(reply));
  });
}
