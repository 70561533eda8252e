/** A change of the product's source that is made while Node loads the file, in test builds alone; the file stays as it is. */
export interface Edit {
  /** From the root of the workspace. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly put: string;
}

/** The source as the edit makes it. Throws when the text is not there exactly once: then the edit is out of date. */
export function edited(source: string, { file, find, put }: Edit): string {
  const parts = source.split(find);
  const [before, after] = parts;
  if (parts.length !== 2 || before === undefined || after === undefined)
    throw new Error(`${file} holds ${parts.length - 1} times: ${find}`);
  return before + put + after;
}
