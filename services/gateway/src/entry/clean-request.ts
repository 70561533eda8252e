import type { IncomingMessage } from 'node:http';
import { canonicalIp, CLIENT_IP_HEADER } from '@ironforge/service-kit';
import { dropHopByHop } from '../hop-by-hop.ts';

/** Headers that services believe, or that say where a request came from: what a client writes there is dropped. */
const CLAIMED = /^(x-client-ip|x-internal-.*|x-forwarded-.*|x-real-ip|forwarded|proxy-.*)$/;

/** Drops what a client must not say, and notes the address it really has; `trustedProxies` of our own stand before us. */
export function cleanRequest(request: IncomingMessage, trustedProxies: number): void {
  const address = clientAddress(request, trustedProxies);
  dropHopByHop(request.headers);
  for (const name of Object.keys(request.headers)) {
    if (CLAIMED.test(name)) delete request.headers[name];
  }
  request.headers[CLIENT_IP_HEADER] = address;
  request.url = pathAndQuery(request.url ?? '/');
}

/** Also of a target in absolute form, which a server must accept (RFC 9112 §3.2.2). */
function pathAndQuery(target: string): string {
  const local = target.replace(/^https?:\/\/[^/?]*/i, '');
  return local === '' || local.startsWith('?') ? `/${local}` : local;
}

/** Each trusted proxy appended the address it saw, so the client's own is that many from the right; in one spelling, by which keys are bound. */
function clientAddress(request: IncomingMessage, trustedProxies: number): string {
  const forwarded = String(request.headers['x-forwarded-for'] ?? '').split(',');
  const seen = trustedProxies === 0 ? undefined : forwarded.at(-trustedProxies)?.trim();
  return canonicalIp(seen || request.socket.remoteAddress || '');
}
