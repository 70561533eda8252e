import { expect, it } from 'vitest';
import { enoch, peter } from '../note/published.fixture.ts';
import { parseLogKeys, parseWitnessKeys } from './key-lines.ts';

it('reads one key a line, past comments, empty lines and the line ends of others', () => {
  const text = `# the old one\r\n${peter.key}\r\n\n  # and the new one\n  ${enoch.key}\n${peter.key}`;
  const parsed = parseLogKeys(text);
  expect('keys' in parsed && parsed.keys.map(({ name }) => name)).toEqual(['PeterNeumann', 'EnochRoot']);
  expect(parseLogKeys('# nothing yet\n')).toEqual({ keys: [] });
});

it('names the first line that is no key, and why', () => {
  expect(parseLogKeys(`${peter.key}\n\n${peter.key} # old\n`)).toEqual({
    rejected: 'malformed_key',
    line: 3,
  });
  expect(parseLogKeys(peter.signer)).toEqual({ rejected: 'malformed_key', line: 1 });
  expect(parseWitnessKeys(`#\n${peter.key}\n`)).toEqual({ rejected: 'other_kind_of_key', line: 2 });
});
