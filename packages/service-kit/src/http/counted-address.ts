import { isIPv6 } from 'node:net';
import { canonicalIp } from './canonical-ip.ts';

/**
 * The name under which a client's address is counted: IPv6 by its /64, which is what one client is given at the least (RFC 6177),
 * so that another address for each try gains nothing; an IPv4-mapped one (RFC 4291, 2.5.5.2) as the IPv4 address that it is.
 */
export function countedAddress(address: string): string {
  const canonical = canonicalIp(address);
  return isIPv6(canonical) ? `${networkOf(canonical)}::/64` : canonical;
}

/** The first four of the eight groups, of which `::` stands for as many zeros as are missing. */
function networkOf(canonical: string): string {
  const [left, right] = canonical.split('::').map((half) => half.split(':').filter((group) => group !== ''));
  const [head, tail] = [left ?? [], right ?? []];
  const zeros = Array<string>(8 - head.length - tail.length).fill('0');
  return [...head, ...zeros, ...tail].slice(0, 4).join(':');
}
