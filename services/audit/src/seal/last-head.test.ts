import { logSigner } from '@ironforge/audit-log';
import { describe, expect, it } from 'vitest';
import { keepLastHead, lastHeadIn } from './last-head.ts';

const signer = () => logSigner('log.example/a', new Uint8Array(32).fill(7));
const head = (size: number) => ({ size, root: new Uint8Array(32).fill(size) });

describe('the last head of a signer', () => {
  it('is known by its note, to the letter', () => {
    const ours = signer();
    keepLastHead(ours, { note: 'a note\n', head: head(1) });
    expect(lastHeadIn(ours, 'a note\n')).toEqual(head(1));
    expect(lastHeadIn(ours, 'a note')).toBeNull();
    expect(lastHeadIn(ours, '')).toBeNull();
  });

  it('is the last alone', () => {
    const ours = signer();
    keepLastHead(ours, { note: 'one\n', head: head(1) });
    keepLastHead(ours, { note: 'two\n', head: head(2) });
    expect(lastHeadIn(ours, 'one\n')).toBeNull();
    expect(lastHeadIn(ours, 'two\n')).toEqual(head(2));
  });

  it('is of no other signer, also by the same key', () => {
    keepLastHead(signer(), { note: 'one\n', head: head(1) });
    expect(lastHeadIn(signer(), 'one\n')).toBeNull();
  });
});
