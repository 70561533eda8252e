import { z } from 'zod';
import { actor } from './envelope.ts';
import { utcTime, uuid } from './scalars.ts';

/** Personal data as it is stored: whose it is (`user:<id>`, or `visitors:<month>` of people without an account), and a cipher under his data key. */
export const sealedPersonal = z.object({ subject: z.string().max(120), cipher: z.string().max(24_000) });

export type SealedPersonal = z.output<typeof sealedPersonal>;

/** Where in the database personal data of others than identity stands; it opens nowhere else. */
export const personalPlace = z.strictObject({
  table: z.literal('audit_entries'),
  column: z.literal('personal'),
  row: z.string().max(120),
});

export type PersonalPlace = z.output<typeof personalPlace>;

/** Something that somebody's acts tell about him; identity finds out whose it is. */
export const personalItem = z.strictObject({
  tenantId: uuid,
  actor,
  occurredAt: utcTime,
  place: personalPlace,
  text: z.string().min(1).max(4_000),
});

export type PersonalItem = z.output<typeof personalItem>;
