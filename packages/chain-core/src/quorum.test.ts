import { AppError } from '@ironforge/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hear, verdictOf, type Word } from './quorum.ts';

describe('a verdict', () => {
  it.each<[Word[], number, string]>([
    [['yes'], 2, 'yes'],
    [['no', 'no', 'yes'], 2, 'yes'],
    [['silent', 'yes', 'silent'], 2, 'yes'],
    [['no', 'no'], 2, 'no'],
    [['no', 'silent', 'no'], 2, 'no'],
    [['no'], 1, 'no'],
    [['no', 'silent'], 2, 'open'],
    [['silent', 'silent', 'silent'], 1, 'open'],
    [[], 1, 'open'],
  ])('of %j with a quorum of %i is %s', (words, quorum, verdict) => {
    expect(verdictOf(words, quorum)).toBe(verdict);
  });

  const words = fc.array(fc.constantFrom<Word>('yes', 'no', 'silent'), { maxLength: 6 });

  it('never denies what one affirms, nor what fewer than the quorum deny', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 4 }), (said, quorum) => {
        const denials = said.filter((word) => word === 'no').length;
        const isDenied = verdictOf(said, quorum) === 'no';
        expect(isDenied).toBe(!said.includes('yes') && denials >= quorum);
      }),
    );
  });

  it('is the same whoever speaks first, and no silence changes it', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 4 }), (said, quorum) => {
        const verdict = verdictOf(said, quorum);
        expect(verdictOf(said.toReversed(), quorum)).toBe(verdict);
        expect(verdictOf([...said, 'silent'], quorum)).toBe(verdict);
      }),
    );
  });
});

describe('a jury', () => {
  const down = () => Promise.reject(new AppError('dependency_down', { retry: 'later' }));
  const said = async (word: Word) => word;
  const ask = (witness: () => Promise<Word>) => witness();

  it('of one is asked twice, and one denial of the two is not enough', async () => {
    const answers: Word[] = ['no', 'yes'];
    const fickle = async () => answers.shift() ?? 'silent';
    expect(await hear({ witnesses: [fickle], quorum: 1 }, 'is it there', ask)).toBe('yes');
    expect(await hear({ witnesses: [() => said('no')], quorum: 1 }, 'is it there', ask)).toBe('no');
    const once: Word[] = ['no'];
    const mute = async () => once.shift() ?? 'silent';
    await expect(hear({ witnesses: [mute], quorum: 1 }, 'is it there', ask)).rejects.toMatchObject({
      code: 'dependency_down',
    });
  });

  it('whose members do not answer denies nothing, whatever the others say', async () => {
    const witnesses = [down, () => said('no')];
    await expect(hear({ witnesses, quorum: 2 }, 'is it there', ask)).rejects.toMatchObject({
      code: 'dependency_down',
      retry: 'later',
    });
    expect(await hear({ witnesses: [...witnesses, () => said('no')], quorum: 2 }, 'is it there', ask)).toBe(
      'no',
    );
    expect(await hear({ witnesses: [down, () => said('yes')], quorum: 2 }, 'is it there', ask)).toBe('yes');
  });

  it('lets a bug through: only a source that is down counts as silent', async () => {
    const broken = () => Promise.reject(new TypeError('a bug'));
    await expect(hear({ witnesses: [broken], quorum: 1 }, 'is it there', ask)).rejects.toThrow('a bug');
  });
});
