/** A value in which one place is another, and where that is. */
export interface Changed {
  readonly where: string;
  readonly value: unknown;
}

/** The same JSON with one change, for every place: another value, another kind of value, nothing, one more. */
export function otherValues(value: unknown, where = ''): Changed[] {
  const replaced = othersOf(value).map((other) => ({
    where: `${where} ${JSON.stringify(other)}`,
    value: other,
  }));
  return where === '' ? insideOf(value, where) : [...replaced, ...insideOf(value, where)];
}

function insideOf(value: unknown, where: string): Changed[] {
  if (Array.isArray(value)) return insideList(value, where);
  if (typeof value !== 'object' || value === null) return [];
  const fields = Object.entries(value);
  const deeper = fields.flatMap(([name, field]) =>
    otherValues(field, `${where}/${name}`).map((changed) => ({
      where: changed.where,
      value: { ...value, [name]: changed.value },
    })),
  );
  const gone = fields.map(([name]) => ({
    where: `${where}/${name} gone`,
    value: Object.fromEntries(fields.filter(([other]) => other !== name)),
  }));
  return [...deeper, ...gone, { where: `${where} more`, value: { ...value, more: 1 } }];
}

function insideList(list: readonly unknown[], where: string): Changed[] {
  const deeper = list.flatMap((item, at) =>
    otherValues(item, `${where}/${at}`).map((changed) => ({
      where: changed.where,
      value: list.with(at, changed.value),
    })),
  );
  const gone = list.map((_, at) => ({ where: `${where}/${at} gone`, value: list.toSpliced(at, 1) }));
  const turned = list.length > 1 ? [{ where: `${where} turned`, value: list.toReversed() }] : [];
  return [...deeper, ...gone, ...turned, { where: `${where} more`, value: [...list, list[0]] }];
}

function othersOf(value: unknown): unknown[] {
  const kinds: unknown[] = [null, 0, 1, '', 'x', true, false, [], {}, '0'];
  const near = nearTo(value);
  return [...kinds, ...near].filter((other) => JSON.stringify(other) !== JSON.stringify(value));
}

function nearTo(value: unknown): unknown[] {
  if (typeof value === 'number') return [value + 1, value - 1, -value, String(value), value + 2 ** -20];
  if (typeof value === 'string') return [`${value} `, value.slice(1), value.toUpperCase(), `${value}\u0000`];
  return [];
}
