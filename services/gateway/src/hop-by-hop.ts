import type { IncomingHttpHeaders } from 'node:http';

/**
 * Deletes what one side said to its next hop alone, and every field that its `Connection` names (RFC 9110 §7.6.1): a compliant hop
 * behind us would drop those too, and so might drop what we vouch for.
 */
export function dropHopByHop(headers: IncomingHttpHeaders): void {
  const named = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  for (const name of named) if (!OF_EVERY_HOP.has(name)) delete headers[name];
  for (const name of OF_ONE_HOP) delete headers[name];
}

const OF_ONE_HOP = ['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'upgrade'];

/** Without these it could not be told where a message ends, or whom it is for; `Connection` must not name them. */
const OF_EVERY_HOP = new Set(['content-length', 'host', 'transfer-encoding']);
