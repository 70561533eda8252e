import type { Report } from './report.ts';

/** Writes docs/performance.md. */
export function writeDocument(_report: Report): void {
  throw new Error('not yet');
}
