import { type Allowance, type Cache, KEYS } from '@ironforge/cache';
import { countedAddress } from '@ironforge/service-kit';
import type { Authenticated } from '../entry/authenticate.ts';
import type { NamedAllowance } from './rate-limit-headers.ts';

/** The limits that are the same for everybody. */
export interface RateLimitOptions {
  readonly userRequestsPerMinute: number;
  readonly ipRequestsPerMinute: number;
  readonly requestsPerSecond: number;
}

/** Counts a request; each answer tells of every limit that was asked. */
export interface RateLimits {
  /** Before it is known who calls; all addresses of one IPv6 network (/64) count as one. */
  byAddress(ip: string): Promise<NamedAllowance[]>;
  /** Over everybody: what the services behind can take. */
  overAll(): Promise<NamedAllowance[]>;
  /** By user, and by the plan of the tenant. */
  byCaller(who: Authenticated): Promise<NamedAllowance[]>;
}

const MINUTE = 60;

/** Rate limits in Redis; while it is away each process counts for itself, so there is always a limit. */
export function createRateLimits(cache: Cache, options: RateLimitOptions): RateLimits {
  const [ip, all] = [cache.createRateLimiter(KEYS.ipRate), cache.createRateLimiter(KEYS.globalRate)];
  const [user, tenant] = [cache.createRateLimiter(KEYS.userRate), cache.createRateLimiter(KEYS.tenantRate)];
  return {
    byAddress: async (address) => [
      await named('ip', MINUTE, ip.take({ ip: countedAddress(address) }, options.ipRequestsPerMinute)),
    ],
    overAll: async () => [await named('global', 1, all.take({}, options.requestsPerSecond))],
    byCaller: async ({ caller: { tenantId, userId }, requestsPerMinute }) =>
      await Promise.all([
        named('user', MINUTE, user.take({ tenantId, userId }, options.userRequestsPerMinute)),
        named('tenant', MINUTE, tenant.take({ tenantId }, requestsPerMinute)),
      ]),
  };
}

async function named(
  name: string,
  windowSeconds: number,
  allowance: Promise<Allowance>,
): Promise<NamedAllowance> {
  return { ...(await allowance), name, windowSeconds };
}
