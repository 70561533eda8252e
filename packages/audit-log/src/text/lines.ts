/** The lines of a text in which every line, the last one too, ends in a newline; null for any other text. */
export function linesOf(text: string): string[] | null {
  return text.endsWith('\n') ? text.slice(0, -1).split('\n') : null;
}

/** Lines as a text in which every line ends in a newline. */
export function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

/** A text in two: the lines before its first empty line, and what comes after that; null without an empty line. */
export function cutAtEmptyLine(text: string): { readonly lines: string[]; readonly rest: string } | null {
  const at = text.indexOf('\n\n');
  return at < 0 ? null : { lines: text.slice(0, at).split('\n'), rest: text.slice(at + 2) };
}

/** True for what can stand in a signed note: well-formed, and nothing below U+0020 but newlines (C2SP signed-note, Format). */
export function isPlainText(text: string): boolean {
  return text.isWellFormed() && !/(?![\n\u007f-\u009f])\p{Cc}/u.test(text);
}
