import { expect, it } from 'vitest';
import { saidOf } from './planted.fixture.ts';
import { sizes } from './sizes.ts';

const lines = (count: number): string => '  step();\n'.repeat(count);

it('names a function of 51 lines, and not one of 50', async () => {
  const text = `function long() {\n${lines(49)}}\nfunction sound() {\n${lines(48)}}\n`;
  expect(await saidOf(sizes, { 'packages/a/src/a.ts': text })).toEqual([
    'packages/a/src/a.ts:1 long has 51 lines, at most 50',
  ]);
});

it('names arrow functions and methods by the name they are given', async () => {
  const text = `export const long = () => {\n${lines(60)}};\nexport const all = { also() {\n${lines(60)}} };\n`;
  expect(await saidOf(sizes, { 'packages/a/src/a.ts': text })).toEqual([
    'packages/a/src/a.ts:1 long has 62 lines, at most 50',
    'packages/a/src/a.ts:63 also has 62 lines, at most 50',
  ]);
});

it('names a file of 301 lines, and not one of 300', async () => {
  const files = { 'packages/a/src/long.ts': lines(301), 'packages/a/src/sound.ts': lines(300) };
  expect(await saidOf(sizes, files)).toEqual(['packages/a/src/long.ts 301 lines, at most 300']);
});

it('reads a describe as a chapter, and a test as a function', async () => {
  const text = `describe('x', () => {\n${lines(60)}});\ndescribe.each([1])('y', () => {\n${lines(60)}});\nit('z', () => {\n${lines(60)}});\n`;
  expect(await saidOf(sizes, { 'packages/a/src/a.test.ts': text })).toEqual([
    'packages/a/src/a.test.ts:125 a function has 62 lines, at most 50',
  ]);
});
