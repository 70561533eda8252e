import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newestCheckpoint, proofOfFirst } from './world/audit-proofs.ts';
import { present } from './world/present.ts';
import { foundTenant } from './world/tenant.ts';

const PAGE = readFileSync(resolve(import.meta.dirname, '../docs/auditors.md'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'auditors-'));

beforeAll(async () => {
  const tenant = await foundTenant();
  const kept = await newestCheckpoint(tenant);
  await tenant.admin.call(ROUTES.createApiKey, { body: { name: 'one more entry' } });
  await waitUntil('a newer checkpoint', async () => (await newestCheckpoint(tenant)).size > kept.size);
  const bundle = await proofOfFirst(tenant, kept.size);
  write('bundle.json', JSON.stringify(bundle));
  write('audit.pub', `${kept.verifierKey}\n`);
  write('kept.txt', kept.note);
  write('other.json', JSON.stringify({ ...bundle, entry: { ...bundle.entry, status: 'failure' } }));
});
afterAll(() => rmSync(folder, { recursive: true }));

const SHELL = ['jq', 'sha256sum', 'openssl', 'xargs', 'awk'];

describe.skipIf(!areHere(SHELL))('the page for auditors, in a shell', () => {
  it('proves an entry by the programs of the system, and none that was changed', async () => {
    const program = codeOf('bash');
    const leads = 'the entry leads to the signed root';
    const told = await run('bash', ['-c', program]);
    expect(told).toContain(leads);
    expect(told).toContain('the checkpoint is of the log of this key');
    expect(told).toContain('Signature Verified Successfully');
    expect(await run('bash', ['-c', program.replaceAll('bundle.json', 'other.json')])).not.toContain(leads);
  });
});

describe.skipIf(!areHere(['go', ...SHELL]))('the page for auditors, in Go', () => {
  it('proves an entry and the growth of the log by the packages of Go itself, and none that was changed', async () => {
    mkdirSync(join(folder, 'check'));
    write('check/main.go', codeOf('go'));
    await run('bash', [
      '-c',
      'cd check && go mod init check && go get golang.org/x/mod && go build -o ../checks .',
    ]);
    await run('bash', ['-c', FILES]);
    const files = ['proof.txt', 'entry.json', 'audit.pub', 'kept.txt', 'growth.txt'];
    expect(await run('./checks', files)).toBe('entry: <nil>\ngrowth: <nil>\n');
    const changed = files.map((file) => (file === 'entry.json' ? 'other.json' : file));
    expect(await run('./checks', changed)).toBe('entry: invalid transparency proof\ngrowth: <nil>\n');
  });
});

/** As the page says. */
const FILES = `jq -j .tlogProof bundle.json > proof.txt
jq -cSj .entry bundle.json > entry.json
jq -r '.consistency.hashes[]' bundle.json > growth.txt`;

/** The only block of the page in this language. */
function codeOf(language: 'bash' | 'go'): string {
  const [, code] = present(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'ms').exec(PAGE), language);
  return present(code, 'code');
}

function areHere(programs: readonly string[]): boolean {
  try {
    for (const program of programs) execFileSync('which', [program], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function write(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}

/** What it prints, however it ends. */
async function run(program: string, args: readonly string[]): Promise<string> {
  return await new Promise((done) => {
    execFile(program, args, { cwd: folder }, (_error, out, complaints) => done(`${out}${complaints}`));
  });
}
