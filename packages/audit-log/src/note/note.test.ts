import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatNote, parseNote, type SignedNote } from './note.ts';
import { c2spCheckpoint, enoch, peter, signedText } from './published.fixture.ts';
import { MAX_SIGNATURES } from './signature-line.ts';

function noteOf(signed: string): SignedNote {
  const parsed = parseNote(signed);
  if ('rejected' in parsed) throw new Error(parsed.rejected);
  return parsed.note;
}

describe('parseNote', () => {
  it('takes a note of two signatures apart, and formatNote puts it together', () => {
    const signed = `${signedText}\n${peter.line}${enoch.line}`;
    const { text, signatures } = noteOf(signed);
    expect(text).toBe(signedText);
    expect(signatures.map(({ name, keyId, bytes }) => [name, keyId, bytes.length])).toEqual([
      ['PeterNeumann', 'c74f20a3', 64],
      ['EnochRoot', 'af0cfe78', 64],
    ]);
    expect(formatNote({ text, signatures })).toBe(signed);
  });

  it('divides at the last empty line, as the example of C2SP signed-note has two', () => {
    const text =
      'Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n';
    const line =
      '— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n';
    expect(noteOf(`${text}\n${line}`).text).toBe(text);
    expect(formatNote(noteOf(c2spCheckpoint))).toBe(c2spCheckpoint);
  });

  const good = `${signedText}\n${peter.line}`;
  it.each([
    ['no signature', signedText, 'malformed_text'],
    ['nothing after the empty line', `${signedText}\n`, 'malformed_signature'],
    ['no newline at the end', good.slice(0, -1), 'malformed_signature'],
    ['a control character', `\u0001${good}`, 'malformed_text'],
    ['a carriage return', good.replace('problem,\n', 'problem,\r\n'), 'malformed_text'],
    ['a lone surrogate', `\ud800${good}`, 'malformed_text'],
    ['a line that is no signature', `${good}Unexpected line.\n`, 'malformed_signature'],
    ['a hyphen for the dash', good.replace('—', '-'), 'malformed_signature'],
    ['two spaces', good.replace('PeterNeumann ', 'PeterNeumann  '), 'malformed_signature'],
    ['a name of two words', good.replace('PeterNeumann', 'Bad Name'), 'malformed_signature'],
    ['a name with a plus', good.replace('PeterNeumann', 'Peter+Neumann'), 'malformed_signature'],
    ['a name with a no-break space', good.replace('PeterNeumann', 'Peter\u00a0N'), 'malformed_signature'],
    ['a word behind the signature', good.replace('AM=', 'AM= x'), 'malformed_signature'],
    ['no name', good.replace('PeterNeumann', ''), 'malformed_signature'],
    ['no padding', good.replace('AM=', 'AM'), 'malformed_signature'],
    ['bits beyond the last byte', good.replace('AM=', 'AN='), 'malformed_signature'],
    ['a key id and no signature', `${signedText}\n— PeterNeumann x08gow==\n`, 'malformed_signature'],
    ['nothing', '', 'malformed_text'],
  ])('refuses %s', (_, text, flaw) => {
    expect(parseNote(text)).toEqual({ rejected: flaw });
  });

  it('reads at most sixteen signatures', () => {
    const of = (count: number) => parseNote(`${signedText}\n${peter.line.repeat(count)}`);
    expect(of(MAX_SIGNATURES)).toHaveProperty('note');
    expect(of(MAX_SIGNATURES + 1)).toEqual({ rejected: 'too_many_signatures' });
  });

  it('gives back what formatNote wrote, for any text and signatures', () => {
    const line = fc.string({ unit: 'grapheme' }).filter((text) => !/\p{Cc}/u.test(text));
    const signature = fc.record({
      name: fc.stringMatching(/^[a-z./é]+$/),
      keyId: fc.stringMatching(/^[0-9a-f]{8}$/),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 80 }),
    });
    const lines = fc.array(line, { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(lines, fc.array(signature, { minLength: 1, maxLength: 16 }), (texts, signatures) => {
        const note = { text: texts.map((text) => `${text}\n`).join(''), signatures };
        expect(noteOf(formatNote(note))).toEqual(note);
      }),
    );
  });

  it('never throws on any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (one, other) => {
        for (const text of [
          one,
          `${one}\n\n${other}`,
          `${one}\n\n— ${other}\n`,
          `a\n\n— ${one} ${other}\n`,
        ]) {
          expect(() => parseNote(text)).not.toThrow();
        }
      }),
    );
  });
});

describe('formatNote', () => {
  it('makes no note that could not be read: that is a bug of the caller', () => {
    const { signatures } = noteOf(`${signedText}\n${peter.line}`);
    expect(() => formatNote({ text: 'no newline', signatures })).toThrow('assertion failed');
    expect(() => formatNote({ text: signedText, signatures: [] })).toThrow('assertion failed');
    expect(() => formatNote({ text: 'a\u0000\n', signatures })).toThrow('assertion failed');
  });
});
