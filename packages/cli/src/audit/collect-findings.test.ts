import { describe, expect, it } from 'vitest';
import { collectFindings } from './collect-findings.ts';
import type { Finding } from './finding.ts';

const missing = (number: number): Finding => ({
  kind: 'entry_missing',
  subject: `entry ${number}`,
  detail: 'is not there',
});
const manyFrom = (first: number, count: number) =>
  Array.from({ length: count }, (_, at) => missing(first + at));
const changed: Finding = { kind: 'tile_changed', subject: 'tile 0/1', detail: 'is another' };

describe('a list of findings', () => {
  it('keeps a thousand of a kind in their order, and says how many more there are', () => {
    const list = collectFindings();
    for (let page = 0; page < 10; page += 1) list.add([...manyFrom(page * 200 + 1, 200), changed]);
    const all = list.all();
    expect(all.filter(({ kind }) => kind === 'tile_changed')).toHaveLength(10);
    expect(all.slice(0, 201)).toEqual([...manyFrom(1, 200), changed]);
    expect(all).toHaveLength(1_011);
    expect(all.at(-1)).toEqual({
      kind: 'entry_missing',
      subject: '1000 more',
      detail: 'of this kind were found and are not listed',
    });
  });

  it('says of no more when there are none', () => {
    const list = collectFindings();
    list.add(manyFrom(1, 1_000));
    expect(list.all()).toEqual(manyFrom(1, 1_000));
  });
});
