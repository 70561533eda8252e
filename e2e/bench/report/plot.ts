import type { Figure } from './report.ts';

const BAR = { height: 18, gap: 10, left: 330, width: 360 };
const COLOURS = { goal: '#2a7d4f', floor: '#c58a1c', below: '#b3402e' } as const;

/**
 * Draws each figure as a bar on one scale: where the floor is 1 and more is better, whatever the unit. So the first line
 * is the floor of every row, and the mark on each row its goal.
 */
export function plotOf(figures: readonly Figure[]): string {
  const measured = figures.filter(({ value }) => value !== null);
  const height = measured.length * (BAR.height + BAR.gap) + 40;
  const bars = measured.map((figure, index) => barOf(figure, 30 + index * (BAR.height + BAR.gap)));
  const floor = xOf(1);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="720" height="${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="720" height="${height}" fill="white"/>`,
    ...bars,
    `<line x1="${floor}" y1="20" x2="${floor}" y2="${height - 10}" stroke="black"/>`,
    `<text x="${floor}" y="14" text-anchor="middle">floor</text>`,
    '</svg>',
    '',
  ].join('\n');
}

function barOf(figure: Figure, y: number): string {
  const { title, standing } = figure;
  const end = xOf(timesFloor(figure, figure.value ?? 0));
  const goal = xOf(timesFloor(figure, figure.goal));
  const colour = standing === null ? 'grey' : COLOURS[standing];
  const middle = y + BAR.height / 2 + 4;
  return [
    `<text x="${BAR.left - 8}" y="${middle}" text-anchor="end" font-size="10">${escaped(title)}</text>`,
    `<rect x="${BAR.left}" y="${y}" width="${end - BAR.left}" height="${BAR.height}" fill="${colour}"/>`,
    `<line x1="${goal}" y1="${y - 2}" x2="${goal}" y2="${y + BAR.height + 2}" stroke="#2a7d4f" stroke-width="2"/>`,
  ].join('\n');
}

/** How many times as good as the floor; a quarter of what is wanted is 0.25, whichever way the row counts. */
function timesFloor({ better, floor }: Figure, value: number): number {
  return better === 'higher' ? value / floor : floor / value;
}

/** From a sixteenth of the floor to sixteen times it, each doubling as wide as the other. */
function xOf(times: number): number {
  const doublings = Math.min(4, Math.max(-4, Math.log2(times)));
  return Math.round(BAR.left + ((doublings + 4) / 8) * BAR.width);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
