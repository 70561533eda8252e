import { playedServer } from '../copy.fixture.ts';
import { playedLog } from '../log.fixture.ts';

const log = playedLog('tenant-a');
const other = playedLog('tenant-b');
const server = playedServer();

/** A bundle that is in order, and what its auditor has. */
export const honest = { ...log.bundleOf(5, 24), immudb: server.copyOf('tenant-a', 5, log.textAt(5)) };
export const auditor = { key: log.key, since: log.noteOf(24), immudb: server.pem };

/** Texts that look like the bundle and are not: fields changed, cut, another's checkpoint, another tree's path. */
export const FORGERIES: readonly (readonly [string, string])[] = [
  ...fieldsOf(honest).map(([where, text]) => [`with another ${where}`, text] as const),
  ...[1, 100, 500, 900].map((length) => [`cut after ${length}`, cut(length)] as const),
  ['with the checkpoint of another tenant', withProof(log.proofOf(5, 40, other.noteOf(40)))],
  ['with the path of a longer tree', withProof(log.proofOf(5, 40, log.noteOf(30)))],
  ['with the path of a shorter tree', withProof(log.proofOf(5, 30, log.noteOf(40)))],
  ['with the copy of another entry', withCopy(server.copyOf('tenant-a', 6, log.textAt(6)))],
  ['with the copy of another text', withCopy(server.copyOf('tenant-a', 5, log.textAt(6)))],
  ['with the copy of another server', withCopy(playedServer().copyOf('tenant-a', 5, log.textAt(5)))],
  ['without the proof of its copy', withCopy({ ...honest.immudb, proof: undefined })],
  ['of another tenant', JSON.stringify(other.bundleOf(5, 24))],
  ['with a field that nobody checks', JSON.stringify({ ...honest, remark: 'paid' })],
  ['with a name twice', JSON.stringify(honest).replace('"version":1', '"version":2,"version":1')],
];

function withProof(tlogProof: string): string {
  return JSON.stringify({ ...honest, tlogProof });
}

function withCopy(immudb: object): string {
  return JSON.stringify({ ...honest, immudb });
}

function cut(length: number): string {
  return JSON.stringify(honest).slice(0, length);
}

/** Each text and number of a JSON value, and the JSON in which it is another. */
function fieldsOf(whole: unknown): (readonly [string, string])[] {
  const paths: string[] = [];
  const collect = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) paths.push(path);
    else for (const [name, child] of Object.entries(value)) collect(child, `${path}/${name}`);
  };
  collect(whole, '');
  return paths.map((path) => [path, JSON.stringify(changedAt(whole, path, ''))] as const);
}

function changedAt(value: unknown, path: string, here: string): unknown {
  if (path === here) return typeof value === 'number' ? value + 1 : `${String(value)}x`;
  if (Array.isArray(value)) return value.map((item, at) => changedAt(item, path, `${here}/${at}`));
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value);
  return Object.fromEntries(fields.map(([name, child]) => [name, changedAt(child, path, `${here}/${name}`)]));
}
