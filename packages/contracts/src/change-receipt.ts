import { z } from 'zod';
import { hash32, uuid } from './scalars.ts';

/** What a route answers with 202 when others must approve first; nothing has changed yet. */
export const changeReceipt = z.object({
  changeId: uuid,
  changeHash: hash32,
  subjectId: uuid.describe('of the policy, user or wallet that it is about'),
});
export type ChangeReceipt = z.output<typeof changeReceipt>;
