import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { keepFirstGenesis } from './anvil-state.ts';

const file = join(mkdtempSync(join(tmpdir(), 'anvil-')), 'state.json');
const block = (number: string, timestamp: string) => ({ header: { number, timestamp }, transactions: [] });

it('keeps the first genesis block, all other blocks, and all else that there is', () => {
  const [old, later, one] = [block('0x0', '0x10'), block('0x0', '0x20'), block('0x1', '0x11')];
  writeFileSync(file, JSON.stringify({ best_block_number: 1, blocks: [later, one, old] }));
  keepFirstGenesis(file);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ best_block_number: 1, blocks: [one, old] });
});

it.each(['{"blocks":[', 'null', '{}', '{"blocks":[]}'])('leaves a file alone that holds %s', (text) => {
  writeFileSync(file, text);
  keepFirstGenesis(file);
  expect(readFileSync(file, 'utf8')).toBe(text);
});

it('does not mind that there is no file yet', () => {
  expect(() => keepFirstGenesis(`${file}.not`)).not.toThrow();
});
