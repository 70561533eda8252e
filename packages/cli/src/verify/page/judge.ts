import {
  type KeysParse,
  parseLogKeys,
  parseServerKeys,
  parseWitnessKeys,
  tellBundle,
  type ToldPart,
  verifyBundleBytes,
} from '@ironforge/audit-log';

/** What somebody put into the page; an empty text is nothing. */
export interface Given {
  readonly bundle: string;
  readonly key: string;
  readonly witness: string;
  readonly since: string;
  /** In PEM. */
  readonly immudb: string;
}

/** What the page shows: the lines of `ironforge verify`, or what it lacks to judge. */
export type Shown =
  | { readonly state: 'waiting'; readonly sentence: string }
  | {
      readonly state: 'proved' | 'refused';
      readonly sentence: string;
      readonly parts: readonly ToldPart[];
    };

/** Judges what was given, as `ironforge verify` does. */
export function judge({ bundle, key, witness, since, immudb }: Given): Shown {
  const [logKeys, witnessKeys] = [parseLogKeys(key), parseWitnessKeys(witness)];
  if ('rejected' in logKeys) return waiting(complaint('key', logKeys));
  if ('rejected' in witnessKeys) return waiting(complaint('keys of witnesses', witnessKeys));
  const serverKeys = parseServerKeys(immudb);
  if ('rejected' in serverKeys)
    return waiting(`The key of immudb is none on P-256 (block ${serverKeys.block}).`);
  if (immudb.trim() !== '' && serverKeys.keys.length === 0) return waiting('The key of immudb is no PEM.');
  if (bundle.trim() === '' || logKeys.keys.length === 0) return waiting("Give a bundle and the log's key.");
  const kept = since.trim() === '' ? null : `${since.trim()}\n`;
  const verdict = verifyBundleBytes(new TextEncoder().encode(bundle), {
    logKeys: logKeys.keys,
    witnessKeys: witnessKeys.keys,
    since: kept,
    immudbKeys: serverKeys.keys,
  });
  return { state: verdict.isProved ? 'proved' : 'refused', ...tellBundle(verdict) };
}

function waiting(sentence: string): Shown {
  return { state: 'waiting', sentence };
}

function complaint(what: string, { rejected, line }: Extract<KeysParse<never>, { line: number }>): string {
  return `Line ${line} of the ${what}: ${rejected.replaceAll('_', ' ')}.`;
}
