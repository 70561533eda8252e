import type { SealedEntry } from '../queries/audit-entries.ts';
import { cefOf } from './cef.ts';
import { ocsfOf } from './ocsf.ts';
import { saidIn } from './said-entry.ts';
import { octetCounted, syslogOf } from './syslog.ts';
import type { PushTarget } from './targets.ts';

const FORMATS = { cef: cefOf, ocsf: ocsfOf } as const;

/** An entry as it goes over the wire to a receiver; `host` is the name of this machine. */
export function frameEntry({ canonical }: SealedEntry, { format, url }: PushTarget, host: string): string {
  const entry = saidIn(canonical);
  const message = FORMATS[format](entry, canonical);
  return url.framing === 'syslog' ? octetCounted(syslogOf(entry, host, message)) : `${message}\n`;
}
