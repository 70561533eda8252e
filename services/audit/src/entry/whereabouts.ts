import type { Cause } from '@ironforge/service-kit';
import type { Whereabouts } from './entry.ts';

/** From where somebody acted, by the cause of what he did; null when that names neither address nor program. */
export function whereaboutsOf({
  clientIp,
  userAgent,
}: Pick<Cause, 'clientIp' | 'userAgent'>): Whereabouts | null {
  if (!clientIp && !userAgent) return null;
  return { clientIp: clientIp || null, userAgent: userAgent || null };
}
