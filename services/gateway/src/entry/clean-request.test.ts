import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { cleanRequest } from './clean-request.ts';

function requestFrom(address: string, headers: Record<string, string>): IncomingMessage {
  const socket = Object.defineProperty(new Socket(), 'remoteAddress', { value: address });
  return Object.assign(new IncomingMessage(socket), { headers });
}

it('drops what a client must not say and keeps the rest', () => {
  const headers = {
    host: 'a',
    authorization: 'Bearer x',
    'x-request-id': 'r',
    'x-client-ip': '203.0.113.7',
    'x-forwarded-for': '203.0.113.7',
    'x-forwarded-host': 'evil',
    'x-internal-user': 'root',
    'x-real-ip': '203.0.113.7',
    forwarded: 'for=203.0.113.7',
  };
  const request = requestFrom('::ffff:192.0.2.1', headers);
  cleanRequest(request, 0);
  expect(request.headers).toEqual({
    host: 'a',
    authorization: 'Bearer x',
    'x-request-id': 'r',
    'x-client-ip': '192.0.2.1',
  });
});

it.each([
  [0, '192.0.2.1'],
  [1, '198.51.100.2'],
  [2, '198.51.100.1'],
  [9, '192.0.2.1'],
])('with %i proxies of our own the client is %s', (trustedProxies, client) => {
  const request = requestFrom('192.0.2.1', { 'x-forwarded-for': '203.0.113.7, 198.51.100.1, 198.51.100.2' });
  cleanRequest(request, trustedProxies);
  expect(request.headers['x-client-ip']).toBe(client);
});

it('keeps what a client says to the next hop to itself, so that no hop behind drops the address by its word', () => {
  const headers = {
    connection: 'keep-alive, x-client-ip, x-foo',
    te: 'trailers',
    'x-foo': '1',
    accept: '*/*',
  };
  const request = requestFrom('192.0.2.1', headers);
  cleanRequest(request, 0);
  expect(request.headers).toEqual({ accept: '*/*', 'x-client-ip': '192.0.2.1' });
});

it.each([
  ['/v1/me?a=/b', '/v1/me?a=/b'],
  ['//v1/me', '//v1/me'],
  ['*', '*'],
  ['http://gateway.test/v1/me?a=http://b/c', '/v1/me?a=http://b/c'],
  ['HTTPS://gateway.test:8443/v1/me', '/v1/me'],
  ['http://gateway.test', '/'],
  ['http://gateway.test?a=1', '/?a=1'],
])('a request for %s is one for %s (RFC 9112 §3.2.2)', (target, url) => {
  const request = Object.assign(requestFrom('192.0.2.1', {}), { url: target });
  cleanRequest(request, 0);
  expect(request.url).toBe(url);
});
