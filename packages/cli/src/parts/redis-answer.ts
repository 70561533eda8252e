import { tcpAnswer } from './tcp-answer.ts';

/** Redis' answer to one command, up to a text that ends the wait; logs in first when the address holds a password. */
export function redisAnswer(address: string, command: string, until: string): Promise<string> {
  const url = new URL(address);
  const [user, password] = [url.username || 'default', decodeURIComponent(url.password)];
  const login = password === '' ? '' : `AUTH ${user} ${password}\r\n`;
  return tcpAnswer({
    host: url.hostname,
    port: Number(url.port || 6379),
    send: `${login}${command}\r\n`,
    isWhole: (answer) => answer.includes(until),
  });
}
