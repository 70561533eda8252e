import { parseWitnessKey, type WitnessKey } from '@ironforge/audit-log';
import { z } from 'zod';

/** Somebody who cosigns our checkpoints: where it is asked (the submission prefix of C2SP tlog-witness), and its key. */
export interface Witness {
  readonly url: string;
  readonly key: WitnessKey;
}

/** A note bears 16 signatures at most (C2SP signed-note), one of them the log's. */
const MAX_WITNESSES = 15;

const witnessKey = z.string().transform((text, context): WitnessKey => {
  const parsed = parseWitnessKey(text);
  if ('key' in parsed && parsed.key.name.length <= 100) return parsed.key;
  const message =
    'key' in parsed ? 'has a name of over 100 characters' : `is no key of a witness: ${parsed.rejected}`;
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

/** The witnesses of an installation, each under a name of its own. */
export const witnesses = z
  .array(z.strictObject({ url: z.url({ protocol: /^https?$/ }), key: witnessKey }))
  .max(MAX_WITNESSES)
  .refine((list) => new Set(list.map(({ key }) => key.name)).size === list.length, 'two have the same name');
