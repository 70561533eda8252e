import { describe, expect, it } from 'vitest';
import { saidOf } from './planted.fixture.ts';
import { purity } from './purity.ts';

describe('purity of the pure packages', () => {
  it.each([
    ['export const now = () => new Date();', 'new Date()'],
    ['export const now = () => Date.now();', 'Date.now'],
    ['export const dice = () => Math.random();', 'Math.random'],
    ["export const read = () => fetch('https://example.com');", 'fetch'],
    ['export const home = process.env.HOME;', 'process'],
    ['export const id = () => crypto.randomUUID();', 'crypto'],
    ['export const later = (f: () => void) => setTimeout(f, 1);', 'setTimeout'],
  ])('refuses %s', async (text, fault) => {
    const found = await saidOf(purity, { 'packages/tx-core/src/a.ts': `\n${text}\n` });
    expect(found).toEqual([`packages/tx-core/src/a.ts:2 ${fault} in a pure package`]);
  });

  it('allows times that are given, and names that only look alike', async () => {
    const text = `
      export const day = (at: Date, ms: number) => [at.getTime(), new Date(ms), Date.parse('2026-01-01')];
      export const run = (process: { fetch: number }) => process.fetch;
      export const ask = ({ fetch }: { fetch: () => number }) => fetch();
    `;
    expect(await saidOf(purity, { 'packages/tx-core/src/a.ts': text })).toEqual([]);
  });

  it('leaves adapters and tests alone', async () => {
    const text = 'export const now = () => Date.now();\n';
    const files = { 'packages/bus/src/a.ts': text, 'packages/tx-core/src/a.test.ts': text };
    expect(await saidOf(purity, files)).toEqual([]);
  });
});

describe('the environment', () => {
  it.each([
    ['services/audit/src/config.ts', 'export const url = process.env.DATABASE_URL;'],
    ['services/audit/src/config.ts', 'const { env } = process;\n'],
    ['services/audit/src/config.ts', "import { env } from 'node:process';"],
    ['packages/bus/src/a.ts', "export const url = process.env['AMQP_URL'];"],
  ])('is refused in %s: %s', async (file, text) => {
    expect(await saidOf(purity, { [file]: text })).toEqual([`${file}:1 reads the environment`]);
  });

  it('is read in main.ts', async () => {
    expect(await saidOf(purity, { 'services/audit/src/main.ts': 'start(process.env);\n' })).toEqual([]);
  });
});
