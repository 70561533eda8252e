import { expect, it } from 'vitest';
import { type JournalOptions, journalFolder } from './journal-folder.ts';

it.each<[string, JournalOptions, string]>([
  ['a keystore', { keystore: ['/keys/a.json'] }, '/keys/signed'],
  [
    'keystores of one folder, in any spelling',
    { keystore: ['/keys/a.json', '/keys/../keys/b.json'] },
    '/keys/signed',
  ],
  ['a folder of keystores', { keystores: '/keys' }, '/keys/signed'],
  ['a folder and a keystore in it', { keystores: '/keys/', keystore: ['/keys/a.json'] }, '/keys/signed'],
  ['whatever is named', { keystore: ['/keys/a.json'], signCommand: 'hsm', journal: '/notes' }, '/notes'],
])('%s', (_what, options, folder) => {
  expect(journalFolder(options)).toBe(folder);
});

it.each<[string, JournalOptions]>([
  ['keystores of two folders', { keystore: ['/a/x.json', '/b/y.json'] }],
  ['a folder and a keystore elsewhere', { keystores: '/a', keystore: ['/b/y.json'] }],
  ['a program that signs', { signCommand: 'hsm' }],
  ['a program beside a keystore', { signCommand: 'hsm', keystore: ['/a/x.json'] }],
])('%s must name one', (_what, options) => {
  expect(() => journalFolder(options)).toThrow(/--journal/);
});
