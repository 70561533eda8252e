import type { ToldBundle } from '@ironforge/audit-log';

/** A verdict as the terminal shows it: a line for each part, and a sentence. */
export function linesOf({ parts, sentence }: ToldBundle): readonly string[] {
  const rows = parts.map(({ name, state, text }) => `${name.padEnd(13)}${state.padEnd(12)}${text}`);
  return [...rows, '', sentence];
}
