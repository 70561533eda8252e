import type { SaidEntry } from './said-entry.ts';

/** Facility 13, log audit; severities 4, warning, and 6, informational (RFC 5424, 6.2.1). */
const FACILITY = 13;
const MAX_MSGID_CHARS = 32;
/** `sequenceId` ends there and begins again at 1 (RFC 5424, 7.3.1). */
const MAX_SEQUENCE_ID = 2_147_483_647;

/** A message of syslog (RFC 5424), without byte order mark, for receivers look for `CEF:` at its very beginning. */
export function syslogOf(entry: SaidEntry, host: string, message: string): string {
  const priority = FACILITY * 8 + (entry.status === 'failure' ? 4 : 6);
  const time = new Date(entry.occurredAt).toISOString();
  const sequenceId = ((entry.sequence - 1) % MAX_SEQUENCE_ID) + 1;
  const id = printable(entry.type).slice(0, MAX_MSGID_CHARS) || '-';
  return `<${priority}>1 ${time} ${printable(host).slice(0, 255) || '-'} ironforge audit ${id} [meta sequenceId="${sequenceId}"] ${message}`;
}

/** Octet counting: the length in bytes goes before (RFC 6587, 3.4.1; RFC 5425, 4.3). */
export function octetCounted(message: string): string {
  return `${Buffer.byteLength(message)} ${message}`;
}

/** What a header field may hold: visible ASCII, no spaces. */
function printable(text: string): string {
  return text.replaceAll(/[^\x21-\x7e]/g, '');
}
