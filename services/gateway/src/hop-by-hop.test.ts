import { expect, it } from 'vitest';
import { dropHopByHop } from './hop-by-hop.ts';

it('drops what is meant for one hop alone, and what Connection names', () => {
  const headers = {
    connection: 'keep-alive, X-Foo ,, te',
    'keep-alive': 'timeout=5',
    'proxy-connection': 'keep-alive',
    te: 'trailers',
    trailer: 'x-sum',
    upgrade: 'websocket',
    'x-foo': '1',
    'x-bar': '2',
  };
  dropHopByHop(headers);
  expect(headers).toEqual({ 'x-bar': '2' });
});

it('does not let Connection name what a message is framed by, or whom it is for', () => {
  const headers = { connection: 'close, Content-Length, transfer-encoding, host', host: 'a' };
  const framed = { ...headers, 'content-length': '2', 'transfer-encoding': 'chunked' };
  dropHopByHop(framed);
  expect(framed).toEqual({ host: 'a', 'content-length': '2', 'transfer-encoding': 'chunked' });
});
