import { randomBytes } from 'node:crypto';

const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/;

/** The next hop's `traceparent` (W3C Trace Context): same trace, new span; a new trace when there was none. */
export function continueTrace(traceparent: string | undefined): string {
  const known = TRACEPARENT.exec(traceparent ?? '');
  const trace = known?.[1] ?? randomBytes(16).toString('hex');
  return `00-${trace}-${randomBytes(8).toString('hex')}-${known?.[2] ?? '01'}`;
}
