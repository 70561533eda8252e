/** Why bytes are no bundle that everybody reads in the same way. */
export type ReadFlaw = 'malformed_json' | 'repeated_name' | 'loose_number';

/** The value of a bundle's bytes, or why they have none that everybody reads. */
export type BundleRead = { readonly bundle: unknown } | { readonly rejected: ReadFlaw };

/**
 * Reads JSON in UTF-8; never throws. A name that stands twice in an object, and a number in another form than that of RFC 8785,
 * are refused, since other programs may read them as other values than those that are proved here (RFC 7493 §2).
 */
export function readBundle(bytes: Uint8Array): BundleRead {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const bundle: unknown = JSON.parse(text);
    return readInOneWay(text, bundle);
  } catch {
    return { rejected: 'malformed_json' };
  }
}

function readInOneWay(text: string, bundle: unknown): BundleRead {
  const marks = text.replaceAll(/"[^"\\]*(?:\\.[^"\\]*)*"/g, '""');
  const numbers = marks.match(/-?\d[\d.eE+-]*/g) ?? [];
  if (!numbers.every((number) => JSON.stringify(Number(number)) === number))
    return { rejected: 'loose_number' };
  const isWhole = marks.split(':').length - 1 === memberCount(bundle);
  return isWhole ? { bundle } : { rejected: 'repeated_name' };
}

/** Of all objects together; by a list that grows, since nesting may be deeper than calls can be. */
function memberCount(value: unknown): number {
  const values = [value];
  let members = 0;
  for (const one of values) {
    if (typeof one !== 'object' || one === null) continue;
    const children: unknown[] = Object.values(one);
    if (!Array.isArray(one)) members += children.length;
    for (const child of children) values.push(child);
  }
  return members;
}
