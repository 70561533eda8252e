import { describe, expect, it } from 'vitest';
import { otherWitnessKey, witnessKey } from '../log.fixture.ts';
import { auditor, FORGERIES, honest } from './forgeries.fixture.ts';
import { type Given, judge } from './judge.ts';

const given: Given = { ...auditor, bundle: JSON.stringify(honest), witness: witnessKey };

describe('what the page says', () => {
  it('is what was proved, with the same lines as the command', () => {
    const shown = judge(given);
    expect(shown).toMatchObject({ state: 'proved' });
    expect('parts' in shown && shown.parts.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'bytes proved',
      'tree proved',
      'checkpoint proved',
      'witnesses proved',
      'consistency proved',
      'immudb proved',
    ]);
  });

  it.each(FORGERIES)('is a refusal of a bundle %s', (_, bundle) => {
    expect(judge({ ...given, bundle })).toMatchObject({ state: 'refused' });
    expect(judge({ ...given, bundle, witness: '', since: '' })).toMatchObject({ state: 'refused' });
  });

  it('is a refusal where no given witness has seen it', () => {
    expect(judge({ ...given, witness: otherWitnessKey })).toMatchObject({ state: 'refused' });
  });

  it.each<[Partial<Given>, string]>([
    [{ bundle: ' \n' }, "Give a bundle and the log's key."],
    [{ key: '# none yet' }, "Give a bundle and the log's key."],
    [{ key: `${auditor.key}\nx` }, 'Line 2 of the key: malformed key.'],
    [{ immudb: 'a key' }, 'The key of immudb is no PEM.'],
    [{ immudb: auditor.immudb.replace('MF', 'MG') }, 'The key of immudb is none on P-256 (block 1).'],
    [{ witness: auditor.key }, 'Line 1 of the keys of witnesses: other kind of key.'],
  ])('is what it lacks, given %j', (change, sentence) => {
    expect(judge({ ...given, ...change })).toEqual({ state: 'waiting', sentence });
  });

  it('does not depend on how the older checkpoint was pasted', () => {
    for (const since of [`\n${auditor.since}\n\n`, auditor.since.trim()])
      expect(judge({ ...given, since })).toMatchObject({ state: 'proved' });
  });
});
