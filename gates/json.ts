/** Reads the JSON that follows a tool's banner, if any; null when there is none. Throws `SyntaxError` on broken JSON. */
export function parseJson(text: string): unknown {
  const start = text.search(/[[{]/);
  return start < 0 ? null : JSON.parse(text.slice(start));
}

/** What stands under a key of an object; undefined where there is no such object or key. */
export function at(value: unknown, ...keys: readonly (string | number)[]): unknown {
  const [key, ...rest] = keys;
  if (key === undefined) return value;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  const below: unknown = Reflect.get(value, key);
  return at(below, ...rest);
}

/** The text under a path of keys, else the text given. */
export function textAt(value: unknown, keys: readonly (string | number)[], otherwise = ''): string {
  const found = at(value, ...keys);
  return typeof found === 'string' ? found : otherwise;
}

/** The number under a path of keys, else null. */
export function numberAt(value: unknown, ...keys: readonly (string | number)[]): number | null {
  const found = at(value, ...keys);
  return typeof found === 'number' ? found : null;
}

/** The items of the list under a path of keys; none where there is no list. */
export function itemsAt(value: unknown, ...keys: readonly (string | number)[]): readonly unknown[] {
  const found = at(value, ...keys);
  return Array.isArray(found) ? found : [];
}

/** The keys of the object under a path of keys; none where there is no object. */
export function keysAt(value: unknown, ...keys: readonly (string | number)[]): readonly string[] {
  const found = at(value, ...keys);
  return typeof found === 'object' && found !== null ? Object.keys(found) : [];
}
