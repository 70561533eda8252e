/** So many terms of an entry can be searched, the first ones; of a longer word its first characters are the term. */
export const MAX_TERMS = 256;
const MAX_CHARACTERS = 80;

/**
 * The words by which an entry is found, each once: those of every text and number in it, its details last, so that what the API
 * filters by is among them however much these say; the tenant's id too, by which an index over several logs tells them apart. Number
 * and time, which a search has bounds for, and the cipher of personal data are left out. The entry is as its sealed text says it, so that whoever has the text can tell the words.
 */
export function termsOf(entry: Readonly<Record<string, unknown>>): string[] {
  const { details, ...fields } = entry;
  const named = Object.entries(fields).flatMap(([name, value]) => (UNSEARCHED.has(name) ? [] : [value]));
  return distinct(textsIn([named, details]), MAX_TERMS);
}

const UNSEARCHED: ReadonlySet<string> = new Set(['version', 'sequence', 'occurredAt', 'personal']);

/** The words that somebody searches for, each once, as `termsOf` makes them of an entry; none when there is no letter or digit. */
export function termsIn(text: string): string[] {
  return distinct([text], Number.POSITIVE_INFINITY);
}

/** The words of an account that is named by its address, by CAIP-10 or by CAIP-19: those of the address. */
export function addressTerms(address: string): string[] {
  return termsIn(CAIP.exec(address)?.groups?.['address'] ?? address);
}

/** CAIP-10 `chain:account`, CAIP-19 `chain/namespace:reference` with or without a token id. */
const CAIP =
  /^[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}(?:\/[-a-z0-9]{3,8})?:(?<address>[-.%a-zA-Z0-9]{1,128})(?:\/.*)?$/;

/** Letters and digits of any script, marks with their letters; and those that there are in ASCII, which most texts are of. */
const [ANY, ASCII] = [/[\p{L}\p{M}\p{N}]+/gu, /[0-9a-z]+/g];
const UUID = /(?<![\p{L}\p{M}\p{N}-])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![\p{L}\p{M}\p{N}-])/gu;

function distinct(texts: Iterable<string>, most: number): string[] {
  const terms = new Set<string>();
  for (const text of texts)
    for (const word of wordsOf(text)) {
      if (terms.size >= most) return [...terms];
      terms.add(beginningOf(word));
    }
  return [...terms];
}

/** A UUID is one word, though it has hyphens; all else ends where letters and digits end. */
function wordsOf(text: string): readonly string[] {
  if (ONE_WORD.test(text)) return [text];
  const isAscii = ASCII_ALONE.test(text);
  const lower = (isAscii ? text : text.normalize('NFKC')).toLowerCase();
  const pattern = isAscii ? ASCII : ANY;
  if (!HAS_UUID.test(lower)) return lower.match(pattern) ?? [];
  const [around, ids] = [lower.split(UUID), lower.match(UUID) ?? []];
  return around.flatMap((part, index) => [...(part.match(pattern) ?? []), ...ids.slice(index, index + 1)]);
}

/** What is one word as it stands: a hash, a number, an id. */
const ONE_WORD = /^(?:[0-9a-z]+|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;
const ASCII_ALONE = /^[ -~]*$/;
const HAS_UUID = /[0-9a-f]{8}-[0-9a-f]{4}-/;

/** By characters, so that none is cut in half. */
function beginningOf(word: string): string {
  return word.length <= MAX_CHARACTERS ? word : Array.from(word).slice(0, MAX_CHARACTERS).join('');
}

function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'number') yield String(value);
  else if (typeof value === 'object' && value !== null)
    for (const part of Object.values(value)) yield* textsIn(part);
}
