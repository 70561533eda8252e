import { type Delivery, postponed, type Verdict } from '@ironforge/bus';
import type { Unread } from './parse-event.ts';

/** By the delays of the topology about ten minutes, in which a newer process of the same service may take it. */
const TIMES_PUT_OFF = 40;

/** What becomes of a message that tells no event: dead, at once or, where a newer process may know its type, after a while. */
export function leaveUnread({ malformed, isOfUnknownType }: Unread, { timesPutOff }: Delivery): Verdict {
  if (isOfUnknownType && timesPutOff < TIMES_PUT_OFF) throw postponed(malformed);
  return { dead: malformed };
}
