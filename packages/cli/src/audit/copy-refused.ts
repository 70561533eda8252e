import type { Refusal, RefusalReason } from '@ironforge/immudb';
import type { Finding } from './finding.ts';

/** The finding that immudb's answer about something is not believed. */
export function copyRefused({ reason, detail }: Refusal, subject: string): Finding {
  return { kind: 'copy_refused', subject, detail: `${WORDS[reason]}: ${detail}` };
}

const WORDS: Readonly<Record<RefusalReason, string>> = {
  malformed: 'the answer is malformed',
  other_server: 'this is another server',
  older_state: 'the server knows less than it once proved',
  forked: 'the server shows another history',
  inconsistent: 'the proof leads nowhere',
  not_included: 'it is not what the transaction holds',
  bad_signature: 'the state is not signed by the pinned key',
  other_value: 'it holds something else',
};
