import { z } from 'zod';
import { route } from '../route.ts';
import { monthOfYear, utcTime } from '../scalars.ts';

/** People without an account, of whom a failed sign-in tells; those of one month have one data key. */
export const visitorRoutes = {
  eraseVisitors: route({
    method: 'POST',
    path: '/v1/visitors/{month}/erase',
    service: 'identity',
    access: 'users:write',
    summary:
      'Erase the personal data of the people without an account of a month that is over, for good, by destroying their data key: what the audit log holds of them opens no more, and every proof stays valid',
    params: z.strictObject({ month: monthOfYear }),
    reply: z.object({ month: monthOfYear, erasedAt: utcTime }),
    errors: ['illegal_transition'],
  }),
} as const;
