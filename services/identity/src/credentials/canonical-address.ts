import { isIPv6 } from 'node:net';

/** An IP address in the one spelling that sockets use (RFC 5952 for IPv6), so that texts can be compared. */
export function canonicalAddress(address: string): string {
  return isIPv6(address) ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;
}
