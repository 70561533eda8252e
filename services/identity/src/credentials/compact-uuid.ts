/** A UUID without its dashes, as it stands in keys and tokens. */
export function compactUuid(uuid: string): string {
  return uuid.replaceAll('-', '');
}

/** The UUID of 32 hex digits. */
export function expandUuid(compact: string): string {
  return compact.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
