import { isIPv6, SocketAddress } from 'node:net';

/**
 * An IP address in the one spelling that sockets use (RFC 5952 for IPv6), so that texts can be compared; an IPv4-mapped one
 * (RFC 4291, 2.5.5.2) as the IPv4 address that it is.
 */
export function canonicalIp(address: string): string {
  if (!isIPv6(address)) return address;
  const { address: canonical } = new SocketAddress({ address, family: 'ipv6' });
  return MAPPED.exec(canonical)?.[1] ?? canonical;
}

const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/;
