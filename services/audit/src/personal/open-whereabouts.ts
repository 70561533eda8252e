import { appError, INTERNAL_ROUTES, type SealedPersonal } from '@ironforge/contracts';
import { type AppError, parseJson, type TenantId } from '@ironforge/kernel';
import type { CallInternal } from '@ironforge/service-kit';
import { z } from 'zod';
import type { Whereabouts } from '../entry/entry.ts';
import { placeOf } from './place-of.ts';

const text = z.strictObject({ clientIp: z.string().nullable(), userAgent: z.string().nullable() });

/** An entry's cipher, and whose log it stands in. */
export interface SealedWhereabouts {
  readonly tenantId: TenantId;
  readonly eventId: string;
  readonly personal: SealedPersonal;
}

/**
 * Has identity decrypt from where somebody acted; `personal_data_erased` once his key was destroyed. Throws `dependency_down`, and
 * `internal_error` for a cipher that does not stand where it was made.
 */
export async function openWhereabouts(
  call: CallInternal,
  { tenantId, eventId, personal }: SealedWhereabouts,
): Promise<Whereabouts | AppError> {
  const body = { tenantId, place: placeOf(eventId), ...personal };
  const opening = await call(INTERNAL_ROUTES.openPersonal, { body });
  if (opening.outcome === 'opened') return text.parse(parseJson(opening.text));
  if (opening.outcome === 'erased') return appError('personal_data_erased');
  throw appError('internal_error', {
    detail: `the personal data of the entry of event ${eventId} was changed`,
  });
}
