import { assertNever } from '@ironforge/kernel';
import type { TaskKind } from '../objection.ts';
import type { Signed } from '../sign-transaction.ts';

/** What the watching signer says. */
export type News =
  | { readonly event: 'watching'; readonly addresses: readonly string[] }
  | ({ readonly event: 'signed'; readonly kind: TaskKind } & Signed)
  | {
      readonly event: 'refused';
      readonly kind: TaskKind;
      readonly transactionId: string;
      readonly why: string;
    }
  | {
      readonly event: 'postponed';
      readonly kind: TaskKind;
      readonly transactionId: string;
      readonly code: string;
      readonly why: string;
    }
  | { readonly event: 'away'; readonly code: string; readonly why: string }
  | { readonly event: 'back' }
  | { readonly event: 'stopped' };

/** One line for a person. */
export function sentenceOf(news: News): string {
  switch (news.event) {
    case 'watching':
      return `Watching for what ${news.addresses.join(', ')} can sign.`;
    case 'signed':
      return `Signed ${news.kind} of ${news.transactionId} at nonce ${news.nonce}: ${news.txHash}`;
    case 'refused':
      return `Refused ${news.kind} of ${news.transactionId}. ${news.why}`;
    case 'postponed':
      return `Left ${news.kind} of ${news.transactionId} for a while: ${news.why}`;
    case 'away':
      return `No answer to go on with, trying again: ${news.why}`;
    case 'back':
      return 'Answered again.';
    case 'stopped':
      return 'Stopped.';
    default:
      return assertNever(news);
  }
}
