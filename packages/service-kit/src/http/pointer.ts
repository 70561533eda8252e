/** The JSON Pointer (RFC 6901) of a path of names and indexes; the whole document is `''`. */
export function toPointer(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
