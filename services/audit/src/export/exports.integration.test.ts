import { createHash, randomUUID } from 'node:crypto';
import { ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Audit } from '../app.ts';
import {
  type AuditWorld,
  createAuditWorld,
  type EntryRow,
  loginFailed,
  newTenant,
  personOf,
  walletUpdated,
} from '../audit.fixture.ts';
import { type Exporting, exportingAs, type ShownExport } from './exports.fixture.ts';

const tenantId = newTenant();
const other = newTenant();
const ENTRIES = 11;
const PART_ENTRIES = 3;

let world: AuditWorld;
let audit: Audit;
let entries: EntryRow[];
let us: Exporting;
let them: Exporting;

beforeAll(async () => {
  world = await createAuditWorld();
  audit = await world.start({ AUDIT_EXPORT_PART_ENTRIES: String(PART_ENTRIES) });
  const walletId = randomUUID();
  const versions = Array.from({ length: ENTRIES - 1 }, (_, at) => at + 1);
  await world.publish(versions.map((version) => walletUpdated(tenantId, walletId, version)));
  await world.publish([loginFailed(tenantId), loginFailed(other)]);
  entries = await world.numbered(tenantId, ENTRIES);
  await world.numbered(other, 1);
  [us, them] = [exportingAs(world, audit, tenantId), exportingAs(world, audit, other)];
});
afterAll(() => world[Symbol.asyncDispose]());

/** A range that does not grow by the entries about exports. */
const WHOLE = { fromSequence: 1, toSequence: ENTRIES };

describe('an export without a filter', () => {
  it('holds the canonical text of every entry, and is proved against the tree by the key alone', async () => {
    const job = await us.made({ format: 'jsonl', ...WHOLE });
    expect(job).toMatchObject({
      ...{ fromSequence: 1, toSequence: ENTRIES, entries: ENTRIES, parts: 4, reason: null },
      progress: { entries: ENTRIES, of: ENTRIES },
    });
    const file = await bytesOf(us.file(job.id));
    const texts = entries.slice(0, ENTRIES).map(({ canonical }) => `${canonical}\n`);
    expect(file.toString()).toBe(texts.join(''));
    expect(job).toMatchObject({ sizeBytes: file.length, sha256: sha256(file) });
    const verdict = await us.verdict(file, await us.manifest(job.id));
    expect(verdict).toMatchObject({ isProved: true, tree: { proved: { first: 1, last: ENTRIES } } });
  });

  it('as CSV is proved as well, its columns too', async () => {
    const job = await us.made({ format: 'csv', fromSequence: 3, toSequence: 9 });
    const file = await bytesOf(us.file(job.id));
    expect(file.toString().split('\r\n')).toHaveLength(9);
    const verdict = await us.verdict(file, await us.manifest(job.id));
    expect(verdict).toMatchObject({ isProved: true, tree: { proved: { first: 3, last: 9 } } });
  });

  it('ends at the newest checkpoint at the moment of asking', async () => {
    const job = await us.made({ format: 'jsonl', toSequence: 1_000_000 });
    expect(job.toSequence).toBe(job.checkpointSize);
    const verdict = await us.verdict(await bytesOf(us.file(job.id)), await us.manifest(job.id));
    expect(verdict.isProved).toBe(true);
  });
});

describe('an export with a filter', () => {
  it('holds what the same search finds, on the word of the key', async () => {
    const job = await us.made({ format: 'jsonl', filter: { type: 'login_failed' }, ...WHOLE });
    expect(job).toMatchObject({ entries: 1, parts: 1, filter: { type: 'login_failed' } });
    const file = await bytesOf(us.file(job.id));
    const verdict = await us.verdict(file, await us.manifest(job.id));
    expect(verdict).toMatchObject({ isProved: true, tree: { unproved: 'chosen_by_filter' } });
  });

  it('may find nothing', async () => {
    for (const format of ['jsonl', 'csv']) {
      const job = await us.made({ format, filter: { type: 'nothing' }, ...WHOLE });
      const file = await bytesOf(us.file(job.id));
      expect(file).toHaveLength(job.sizeBytes);
      expect((await us.verdict(file, await us.manifest(job.id))).isProved).toBe(true);
    }
  });
});

describe('a download', () => {
  let job: ShownExport;
  let whole: Buffer;
  beforeAll(async () => {
    job = await us.made({ format: 'csv', ...WHOLE });
    whole = await bytesOf(us.file(job.id));
  });

  it('goes on at any place with the bytes that the whole has there, around the border of every part too', async () => {
    const borders = await world.database.query(
      'SELECT byte_offset::FLOAT8 AS at FROM export_parts WHERE export_id = $1',
      [job.id],
    );
    const places = borders.flatMap(({ at }) => [Number(at) - 1, Number(at), Number(at) + 1]);
    expect(places).toHaveLength(12);
    for (const at of [0, 1, ...places, whole.length - 1]) {
      const answer = await us.file(job.id, { range: `bytes=${at}-`, 'if-range': `"sha256-${job.sha256}"` });
      expect([answer.status, answer.headers.get('content-range')]).toEqual([
        206,
        `bytes ${at}-${whole.length - 1}/${whole.length}`,
      ]);
      expect(
        Buffer.concat([whole.subarray(0, at), Buffer.from(await answer.arrayBuffer())]).equals(whole),
      ).toBe(true);
      const few = await us.file(job.id, { range: `bytes=${at}-${at + 4}` });
      expect(Buffer.from(await few.arrayBuffer()).equals(whole.subarray(at, at + 5))).toBe(true);
    }
  });

  it('begins anew when the file is another one', async () => {
    const answer = await us.file(job.id, { range: 'bytes=5-', 'if-range': '"sha256-other"' });
    expect(answer.status).toBe(200);
    expect(Number(answer.headers.get('content-length'))).toBe(whole.length);
    await answer.arrayBuffer();
  });

  it('is refused behind the end, and says where that is', async () => {
    for (const range of [
      `bytes=${whole.length}-`,
      `bytes=${whole.length + 5}-${whole.length + 9}`,
      'bytes=-0',
    ]) {
      const behind = await us.file(job.id, { range });
      expect([behind.status, await codeOf(behind)]).toEqual([416, 'range_not_satisfiable']);
      expect(behind.headers.get('content-range')).toBe(`bytes */${whole.length}`);
    }
  });

  it('is told by an entry, as is that it was asked for', async () => {
    const asked = await entriesAbout(job.id, 'audit_export_requested');
    const downloaded = await entriesAbout(job.id, 'audit_export_downloaded');
    expect(asked).toHaveLength(1);
    expect(JSON.parse(downloaded[0]?.canonical ?? '{}')).toMatchObject({
      resourceType: 'audit_export',
      details: { format: 'csv', firstByte: 0, bytes: whole.length, sizeBytes: whole.length },
    });
  });

  it('answers HEAD with the length alone', async () => {
    const answer = await us.send(`/v1/audit/exports/${job.id}/file`, { method: 'HEAD' });
    expect([answer.status, answer.headers.get('content-length')]).toEqual([200, String(whole.length)]);
  });
});

describe('asking', () => {
  it('answers 202 with the place of the job, and the same job to the same key', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const [one, again] = [
      await us.ask({ format: 'jsonl' }, headers),
      await us.ask({ format: 'jsonl' }, headers),
    ];
    expect([one.status, again.status]).toEqual([202, 202]);
    const { id } = ROUTES.createAuditExport.reply.parse(await one.json());
    expect([one, again].map((answer) => answer.headers.get('location'))).toEqual([
      `/v1/audit/exports/${id}`,
      `/v1/audit/exports/${id}`,
    ]);
    await us.until(id, 'ready');
  });

  it('lists what was asked for, newest first', async () => {
    const answer = await (await us.send('/v1/audit/exports?limit=2')).json();
    const { data, nextCursor } = ROUTES.listAuditExports.reply.parse(answer);
    const rest = await (await us.send(`/v1/audit/exports?limit=200&cursor=${nextCursor}`)).json();
    const all = [...data, ...ROUTES.listAuditExports.reply.parse(rest).data];
    const times = all.map(({ createdAt }) => createdAt);
    expect(times).toEqual(times.toSorted().toReversed());
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  });

  it.each([
    ['a range behind the end', { format: 'jsonl', fromSequence: 1_000_000 }],
    ['a range that ends before it begins', { format: 'jsonl', fromSequence: 5, toSequence: 4 }],
    ['another format', { format: 'xml' }],
    ['a filter that nobody knows', { format: 'csv', filter: { colour: 'red' } }],
    ['words that hold no word', { format: 'jsonl', filter: { q: '?!' } }],
    ['nothing', {}],
  ])('refuses %s with 422', async (_, body) => {
    expect((await us.ask(body)).status).toBe(422);
  });

  it('takes three at once for a tenant, however many ask together', async () => {
    const tenant = newTenant();
    await world.publish([loginFailed(tenant)]);
    await world.numbered(tenant, 1);
    const many = exportingAs(world, audit, tenant);
    await world.database.query('ALTER TABLE export_parts ADD CONSTRAINT nothing CHECK (false) NOT VALID');
    const answers = await Promise.all(Array.from({ length: 8 }, () => many.ask({ format: 'jsonl' })));
    await world.database.query('ALTER TABLE export_parts DROP CONSTRAINT nothing');
    const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
    expect(statuses).toEqual([202, 202, 202, 429, 429, 429, 429, 429]);
  });
});

describe('the walls', () => {
  it('show nobody the exports of another tenant, nor anything to whom has no right', async () => {
    const job = await us.made({ format: 'jsonl', ...WHOLE });
    const paths = ['', '/file', '/manifest'].map((end) => `/v1/audit/exports/${job.id}${end}`);
    for (const path of paths) {
      expect((await them.send(path)).status).toBe(404);
      const headers = { authorization: await world.authorize(personOf(tenantId, 'audit:read')) };
      expect((await fetch(new URL(path, audit.url), { headers })).status).toBe(403);
    }
    const listed = ROUTES.listAuditExports.reply.parse(await (await them.send('/v1/audit/exports')).json());
    expect(listed.data).toEqual([]);
    const theirs = await them.made({ format: 'jsonl' });
    expect((await bytesOf(them.file(theirs.id))).toString()).not.toContain(tenantId);
  });
});

/** What entries tell of an export; an entry is numbered soon after what it tells of. */
async function entriesAbout(id: string, type: string): Promise<EntryRow[]> {
  return await waitUntil(`an entry ${type}`, async () => {
    const answer = await us.send(`/v1/audit/entries?resourceId=${id}&type=${type}&limit=200`);
    const { data } = ROUTES.listAuditEntries.reply.parse(await answer.json());
    const ids = new Set(data.map((entry) => entry.id));
    return ids.size > 0 && (await world.entries(tenantId)).filter((row) => ids.has(row.id));
  });
}

async function bytesOf(answer: Promise<Response>): Promise<Buffer> {
  const response = await answer;
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}

async function codeOf(answer: Response): Promise<unknown> {
  const problem: unknown = await answer.json();
  return typeof problem === 'object' && problem !== null && 'code' in problem ? problem.code : null;
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
