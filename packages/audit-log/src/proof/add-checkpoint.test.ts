import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { c2spCheckpoint, sigsumLog } from '../note/published.fixture.ts';
import { parseHash } from '../text/encodings.ts';
import { formatAddCheckpoint, parseAddCheckpoint, parseWitnessSize } from './add-checkpoint.ts';
import { verifyConsistency } from './verify-consistency.ts';

const hashLine = 'PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=';
const body = `old 20852014
${hashLine}
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

${c2spCheckpoint}`;

describe('parseAddCheckpoint', () => {
  it.each([
    ['of C2SP tlog-witness', body, 20_852_014, 4, c2spCheckpoint],
    [
      'of FiloSottile/torchwood',
      sigsumLog.request,
      1,
      2,
      sigsumLog.request.slice(sigsumLog.request.indexOf('sigsum')),
    ],
    ['from nothing', `old 0\n\n${c2spCheckpoint}`, 0, 0, c2spCheckpoint],
  ])('takes the request %s apart, and formatAddCheckpoint puts it together', (...row) => {
    const [, text, oldSize, count, checkpoint] = row;
    const parsed = parseAddCheckpoint(text);
    expect(parsed).toMatchObject({ request: { oldSize, checkpoint } });
    expect('request' in parsed && parsed.request.hashes.length).toBe(count);
    expect('request' in parsed && formatAddCheckpoint(parsed.request)).toBe(text);
  });

  it.each([
    ['no empty line', 'old 5\n', 'no_checkpoint'],
    ['nothing', '', 'no_checkpoint'],
    ['a checkpoint alone', c2spCheckpoint, 'malformed_old_size'],
    ['a leading zero', body.replace('old 2', 'old 02'), 'malformed_old_size'],
    ['two spaces', body.replace('old ', 'old  '), 'malformed_old_size'],
    ['another word', body.replace('old ', 'Old '), 'malformed_old_size'],
    ['a size of 2^53', body.replace('20852014', '9007199254740992'), 'malformed_old_size'],
    ['a short hash', body.replace(hashLine, 'PlRN'), 'malformed_hash_line'],
    ['no base64', body.replace(hashLine, '!!'), 'malformed_hash_line'],
    ['a carriage return', body.replace(hashLine, `${hashLine}\r`), 'malformed_hash_line'],
    [
      '64 hashes',
      body.replace(hashLine, Array.from({ length: 61 }, () => hashLine).join('\n')),
      'too_many_hashes',
    ],
  ])('refuses %s', (_, text, flaw) => {
    expect(parseAddCheckpoint(text)).toEqual({ rejected: flaw });
  });

  it('takes a consistency proof that another program made (published: FiloSottile/torchwood)', () => {
    const parsed = parseAddCheckpoint(sigsumLog.request);
    const proof = 'request' in parsed ? parsed.request.hashes : [];
    const oldRoot = parseHash(sigsumLog.oldRoot) ?? new Uint8Array();
    const newRoot = parseHash('RcCI1Nk56ZcSmIEfIn0SleqtV7uvrlXNccFx595Iwl0=') ?? new Uint8Array();
    const claim = { oldSize: 1, oldRoot, newSize: 3, newRoot, proof };
    expect(verifyConsistency(claim)).toBe('ok');
    expect(verifyConsistency({ ...claim, proof: proof.toReversed() })).toBe('wrong_new_root');
  });

  it('takes 63 hashes, as many as C2SP tlog-witness allows', () => {
    const long = body.replace(hashLine, Array.from({ length: 60 }, () => hashLine).join('\n'));
    expect(parseAddCheckpoint(long)).toHaveProperty('request');
  });

  it('never throws on any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (one, other) => {
        for (const text of [one, `${one}\n\n${other}`, `old ${one}\n\n`, `old 1\n${one}${other}x\n\n`]) {
          expect(() => parseAddCheckpoint(text)).not.toThrow();
        }
      }),
    );
  });
});

describe('formatAddCheckpoint', () => {
  it('makes no request that a witness could not read: that is a bug of the caller', () => {
    const hash = parseHash(hashLine) ?? new Uint8Array();
    const request = { oldSize: 1, hashes: [hash], checkpoint: c2spCheckpoint };
    expect(() => formatAddCheckpoint({ ...request, oldSize: -1 })).toThrow('a size');
    expect(() => formatAddCheckpoint({ ...request, hashes: [new Uint8Array(31)] })).toThrow('63 hashes');
    const many = Array.from({ length: 64 }, () => hash);
    expect(() => formatAddCheckpoint({ ...request, hashes: many })).toThrow('63 hashes');
    expect(() => formatAddCheckpoint({ ...request, checkpoint: 'unsigned\n' })).toThrow('signed note');
  });
});

describe('parseWitnessSize', () => {
  it('reads the size that a witness answers with 409, and no other text', () => {
    expect(parseWitnessSize('20852014\n')).toBe(20_852_014);
    expect(parseWitnessSize('0\n')).toBe(0);
    const others = ['', '\n', '5', '05\n', '5\n\n', '5\n6\n', '-5\n', ' 5\n', '9007199254740992\n'];
    expect(others.map(parseWitnessSize)).toEqual(others.map(() => null));
  });
});
