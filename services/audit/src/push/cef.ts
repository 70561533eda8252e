import type { SaidEntry } from './said-entry.ts';

/** Most receivers cut a field off somewhere; the whole text is in the log, and the number of the entry leads to it. */
const MAX_DETAILS_CHARS = 4_000;

/**
 * An entry as one line of CEF:0 (ArcSight Common Event Format, revision 25). What an entry holds can be anything that somebody typed, so
 * nothing of it ends a header, a field or the line.
 */
export function cefOf(entry: SaidEntry, canonical: string): string {
  const { type, status, action, resourceType } = entry;
  const name = `${resourceType} ${action} ${status}`;
  const header = ['IronForge', 'IronForge', '1', type, name].map(headerText).join('|');
  return `CEF:0|${header}|${severityOf(entry)}|${extensionOf(entry, canonical)}`;
}

/** 0 to 10. */
function severityOf({ status }: SaidEntry): number {
  return status === 'failure' ? 6 : 3;
}

function extensionOf(entry: SaidEntry, canonical: string): string {
  const fields = [
    ['rt', String(Date.parse(entry.occurredAt))],
    ['externalId', entry.id],
    ['act', entry.action],
    ['outcome', entry.status],
    ['suid', entry.actor.id],
    ['suser', entry.actor.type],
    ...privileges(entry),
    ['cn1', String(entry.sequence)],
    ['cn1Label', 'sequence'],
    ...custom(1, 'tenantId', entry.tenantId),
    ...custom(2, 'resourceType', entry.resourceType),
    ...custom(3, 'resourceId', entry.resourceId),
    ...custom(4, 'requestId', entry.requestId),
    ...custom(5, 'txHash', entry.txHash),
    ...custom(6, 'details', detailsOf(entry)),
    ['cn2', String(Buffer.byteLength(canonical))],
    ['cn2Label', 'sealedBytes'],
    ...policyOf(entry),
  ] as const;
  return fields.map(([key, value]) => `${key}=${extensionText(value)}`).join(' ');
}

function privileges({ authority }: SaidEntry): [string, string][] {
  const roles = authority?.roles ?? [];
  return roles.length === 0 ? [] : [['spriv', roles.join(',')]];
}

function policyOf({ authority }: SaidEntry): [string, string][] {
  if (!authority?.policy) return [];
  const { id, version } = authority.policy;
  return [
    ['flexString1', `${id} version ${version}`],
    ['flexString1Label', 'policy'],
  ];
}

function custom(place: number, label: string, value: string | null): [string, string][] {
  if (value === null) return [];
  return [
    [`cs${place}`, value],
    [`cs${place}Label`, label],
  ];
}

function detailsOf({ details }: SaidEntry): string {
  return JSON.stringify(details ?? null).slice(0, MAX_DETAILS_CHARS);
}

/** In a header a backslash and a pipe are escaped, and a line break has no form. */
function headerText(text: string): string {
  return text.replaceAll(/[\\|]/g, '\\$&').replaceAll(LINE_ENDS, ' ').replaceAll(CONTROLS, ' ');
}

/** In a value a backslash and an equals sign are escaped, and a line break is written as `\n`. */
function extensionText(text: string): string {
  return text.replaceAll(/[\\=]/g, '\\$&').replaceAll(LINE_ENDS, '\\n').replaceAll(CONTROLS, ' ');
}

/** Also those that only Unicode knows: some readers end a line there. */
const LINE_ENDS = /\r\n|[\n\r\u0085\u2028\u2029]/gu;
const CONTROLS = /\p{Cc}/gu;
