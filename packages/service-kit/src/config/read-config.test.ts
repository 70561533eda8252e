import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@ironforge/kernel';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { jsonText } from './json-text.ts';
import { readConfig } from './read-config.ts';

const schema = z.object({
  PORT: z.coerce.number().int(),
  NAME: z.string().default('anvil'),
  KEY: jsonText(z.object({ kid: z.string() })),
});

function problemsOf(environment: Record<string, string>): AppError {
  try {
    readConfig(schema, environment);
  } catch (error) {
    if (error instanceof AppError) return error;
  }
  throw new Error('the configuration was taken');
}

it('reads values, defaults, JSON, and files named by NAME_FILE', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'config-')), 'key.json');
  writeFileSync(path, '{"kid":"gateway"}\n');
  const config = readConfig(schema, { PORT: '80', NAME: '', KEY_FILE: path });
  expect(config).toEqual({ PORT: 80, NAME: 'anvil', KEY: { kid: 'gateway' } });
});

it('takes an empty file for a value that is absent', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'config-')), 'name');
  writeFileSync(path, '\n');
  expect(readConfig(schema, { PORT: '80', KEY: '{"kid":"gateway"}', NAME_FILE: path }).NAME).toBe('anvil');
});

it('lists every problem at once and repeats no value', () => {
  const error = problemsOf({ PORT: 'hunter2', KEY: '{"kid":hunter2' });
  expect(error.code).toBe('config_invalid');
  expect(error.errors.map((item) => item.pointer).toSorted()).toEqual(['/KEY', '/PORT']);
  expect(JSON.stringify([error.message, error.errors])).not.toContain('hunter2');
});

it('says which file cannot be read', () => {
  expect(problemsOf({ PORT: '80', KEY_FILE: '/nowhere/key' }).message).toContain('KEY_FILE');
});

it.each([
  ['CRASH_AT', { NODE_ENV: 'production', IRONFORGE_TEST_BUILD: '1', CRASH_AT: 'block.read' }],
  ['IRONFORGE_PLANT', { NODE_ENV: 'production', IRONFORGE_PLANT: 'no_fence' }],
  ['IRONFORGE_TEST_BUILD', { NODE_ENV: 'production', IRONFORGE_TEST_BUILD: '1' }],
  ['CRASH_AT', { CRASH_AT: 'block.read' }],
])('refuses %s by name where it must not be: %j', (name, variables) => {
  const error = problemsOf({ PORT: '80', KEY: '{"kid":"gateway"}', ...variables });
  expect(error.errors.map((item) => item.pointer)).toContain(`/${name}`);
});

it('takes the switches of a test build', () => {
  const switches = { IRONFORGE_TEST_BUILD: '1', CRASH_AT: 'block.read', IRONFORGE_PLANT: 'no_fence' };
  expect(readConfig(schema, { PORT: '80', KEY: '{"kid":"gateway"}', ...switches }).PORT).toBe(80);
});
