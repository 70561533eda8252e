import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCsvRecord, parseCsvRecord } from './csv.ts';
import { entryInRecord, exportHead, exportLine } from './export-text.ts';

describe('a record of RFC 4180', () => {
  it('gives its cells back, whatever is in them', () => {
    const cell = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('"', ',', '\r', '\n', 'a') }));
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1 }), (cells) => {
        expect(parseCsvRecord(formatCsvRecord(cells))).toEqual(cells);
      }),
    );
  });

  it.each(['"a', 'a"b', '"a"b', '"a""', 'a,"b'])('is not %s', (text) => {
    expect(parseCsvRecord(text)).toBeNull();
  });
});

function entryWith(resourceId: string): string {
  const actor = { type: 'user', id: 'u1' };
  return canonicalize({ sequence: 3, type: 'wallet_updated', resourceId, actor, txHash: null }) ?? '';
}

describe('an entry as a row', () => {
  it('has a column for each name of the head', () => {
    const names = exportHead('csv').trimEnd().split(',');
    const cells = parseCsvRecord(exportLine('csv', entryWith('w1')).trimEnd()) ?? [];
    const row = Object.fromEntries(names.map((name, at) => [name, cells[at]]));
    expect(row).toMatchObject({
      sequence: '3',
      actorType: 'user',
      actorId: 'u1',
      txHash: '',
      entry: entryWith('w1'),
    });
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '\nx'])(
    'is no formula for a spreadsheet: %j',
    (text) => {
      const cells = parseCsvRecord(exportLine('csv', entryWith(text)).slice(0, -2)) ?? [];
      expect(cells).toContain(`'${text}`);
      expect(cells.every((cell) => !/^[=+\-@\t\r\n]/.test(cell))).toBe(true);
    },
  );

  it('has the entry itself in the last column, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const canonical = entryWith(text);
        expect(entryInRecord(exportLine('csv', canonical).slice(0, -2))).toBe(canonical);
      }),
    );
  });
});
