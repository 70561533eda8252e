import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { present } from '@ironforge/kernel';
import sdk from 'immudb-node';

// A process of its own, since the package changes what happens to the whole process. It says what it saw in its last line.
const SIGNALS = ['uncaughtException', 'SIGINT'];
const EXIT_MS = 300;

const folder = mkdtempSync(join(tmpdir(), 'ironforge-sdk-'));
const [address = '', user = '', key = ''] = process.argv.slice(2);
const [host = '', port = ''] = address.split(':');
const rootPath = join(folder, 'state.json');
const password = present(process.env['IMMUDB_PASSWORD'], 'IMMUDB_PASSWORD');

const before = handlers();
const client = await sdk.default.getInstance({ host, port, user, password, database: 'defaultdb', rootPath });
const installed = handlers().map((count, at) => count - (before[at] ?? 0));
const said = await client.verifiedSet({ key, value: 'value' }).then(
  () => 'resolved',
  () => 'rejected',
);
const state: unknown = JSON.parse(readFileSync(rootPath, 'utf8'));

queueMicrotask(() => {
  throw new Error('nobody catches this');
});
await sleep(EXIT_MS);
process.stdout.write(`${JSON.stringify({ installed, said, state, survived: true })}\n`);
rmSync(folder, { recursive: true });
process.exit(0);

function handlers(): number[] {
  return SIGNALS.map((name) => process.listenerCount(name));
}
