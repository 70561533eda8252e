import { connect } from 'node:net';
import { environment } from '../world/environment.ts';

/** Empties the installation's Redis. Throws when it does not say OK. */
export async function flushRedis(): Promise<void> {
  const reply = await talk('FLUSHALL');
  if (!reply.endsWith('+OK\r\n+OK\r\n')) throw new Error(`FLUSHALL: ${reply}`);
}

/** Puts a list, which no reader of ours expects, at each of these keys, whatever stood there; gives their number. */
export async function spoilRedis(keys: readonly string[]): Promise<number> {
  const reply = await talk(...keys.flatMap((key) => [`DEL ${key}`, `LPUSH ${key} wrong`]));
  const wrong = reply.split('\r\n').filter((line) => line.startsWith('-'));
  if (wrong.length > 0) throw new Error(wrong.join());
  return keys.length;
}

/** For a while Redis has no room: it refuses every write, as it does when its memory is full. */
export async function fillRedis(whileFull: () => Promise<void>): Promise<void> {
  await talk('CONFIG SET maxmemory 1');
  try {
    const reply = await talk('SET wrong wrong');
    if (!reply.includes('-OOM')) throw new Error(`Redis is not full: ${reply}`);
    await whileFull();
  } finally {
    await talk('CONFIG SET maxmemory 0');
  }
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
