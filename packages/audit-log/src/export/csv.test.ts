import { expect, it } from 'vitest';
import { formatCsvRecord, parseCsvRecord } from './csv.ts';

it.each([
  ['', ['']],
  ['a,b', ['a', 'b']],
  [',', ['', '']],
  ['"a,""b""\n",c', ['a,"b"\n', 'c']],
  ['"",""""', ['', '"']],
])('reads %j', (record, cells) => {
  expect(parseCsvRecord(record)).toEqual(cells);
});

it.each(['"', '"a', '"""', '"a"b', 'a"b', 'a"', 'a\nb', 'a\r', ' "a"'])('does not take %j', (record) => {
  expect(parseCsvRecord(record)).toBeNull();
});

it('reads what is as long as a line may be', () => {
  for (const cell of ['a\n'.repeat(16_000_000), 'ab'.repeat(16_000_000)])
    expect(parseCsvRecord(formatCsvRecord([cell, '"']))?.[0]?.length).toBe(cell.length);
});
