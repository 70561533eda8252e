import type { Refusal, RefusalReason } from '@ironforge/immudb';
import { type Logger, mayRetry } from '@ironforge/kernel';
import type { CopyTelemetry } from './copy-telemetry.ts';

/** Tells of what keeps the copier from copying: each thing once, until all is well again. */
export interface TroubleTeller {
  /** What immudb answers is not believed: an operator must decide. */
  refused(refusal: Refusal): void;
  /** Something was away, or went wrong. */
  failed(error: unknown): void;
  well(): void;
}

/** Makes a teller that has told nothing yet. */
export function createTroubleTeller({
  log,
  telemetry,
}: {
  readonly log: Logger;
  readonly telemetry: CopyTelemetry;
}): TroubleTeller {
  const told = new Set<RefusalReason>();
  let hasFailed = false;
  return {
    refused: ({ reason, detail }) => {
      telemetry.refusedFor(reason);
      if (!told.has(reason)) log.error({ alert: 'audit_copy_refused', reason, detail }, REFUSED);
      told.add(reason);
    },
    failed: (error) => {
      const level = mayRetry(error) ? 'warn' : 'error';
      if (!hasFailed) log[level]({ err: error }, 'entries were not copied to immudb, it is tried again');
      hasFailed = true;
    },
    well: () => {
      telemetry.refusedFor(null);
      if (told.size > 0) log.warn({ alert: 'audit_copy_refused', reasons: [...told] }, BELIEVED);
      if (hasFailed) log.info({}, 'entries are copied to immudb again');
      told.clear();
      hasFailed = false;
    },
  };
}

const REFUSED = 'what immudb answers is not believed, and nothing is copied until an operator has looked';
const BELIEVED = 'immudb is believed again, and the copy goes on';
