import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { cosign, formatSignature, type WitnessSigner } from '@ironforge/audit-log';
import { waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AuditWorld, createAuditWorld } from '../audit.fixture.ts';
import { asking, listenWith, newSigner, startWitnessProgram } from './witness.fixture.ts';
import { newLog } from './witnessed-log.fixture.ts';

let world: AuditWorld;
beforeAll(async () => {
  world = await createAuditWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

describe('a witness that lies', () => {
  it.each<[string, (signer: WitnessSigner) => RequestListener]>([
    ['signs by another key', () => signing(newSigner('witness.example/liar'))],
    [
      'signs another checkpoint',
      (signer) => signing(signer, (signed) => signed.replace(/\n\d+\n/, '\n999\n')),
    ],
    ['answers garbage', () => (_, response) => response.end('\u2014 garbage')],
    ['answers without end', () => (_, response) => response.end('x'.repeat(100_000))],
    ['answers 500', () => (_, response) => response.writeHead(500).end()],
    [
      'sends elsewhere',
      () => (_, response) => response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(),
    ],
    [
      'says it has the size that it was asked about',
      () => (_, response) => response.writeHead(409).end('0\n'),
    ],
    ['refuses what it did not look at', () => (_, response) => response.writeHead(422).end()],
    ['never answers', () => () => undefined],
  ])('%s, and changes nothing, beside one that does not', async (_, lie) => {
    const log = newLog(world);
    const signer = newSigner('witness.example/liar');
    const listener = lie(signer);
    let asked = 0;
    await using place = await listenWith((request, response) => {
      asked += 1;
      listener(request, response);
    });
    await using witness = await startWitnessProgram('witness.example/w1', [log.keyText]);
    await using audit = await world.start(asking([{ ...place, signer }, witness]));
    await log.grow(3);
    await log.cosignedUpTo(witness, 3);
    await waitUntil('it was asked again', () => asked >= 2);
    expect(await log.cosignersOf(3)).toEqual([witness.signer.name]);
    expect(await log.provedBy(audit, { index: 2, witness })).toEqual([witness.signer.name]);
    expect(world.log.lines.filter(({ fields }) => fields['alert'] === 'audit_fork')).toEqual([]);
  });
});

/** Cosigns whatever comes, or something made of it. */
function signing(signer: WitnessSigner, changed = (signed: string) => signed): RequestListener {
  return (request, response) => void signWhatCame(request, response);

  async function signWhatCame(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const note = body.slice(body.indexOf('\n\n') + 2);
    const signed = changed(note.slice(0, note.indexOf('\n\n') + 1));
    response.end(`${formatSignature(cosign(signed, 1, signer))}\n`);
  }
}
