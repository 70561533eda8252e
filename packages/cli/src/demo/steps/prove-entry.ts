import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ReplyOf, ROUTES } from '@ironforge/contracts';
import { AppError } from '@ironforge/kernel';
import { EXIT_CODES } from '../../trouble.ts';
import type { People, Request } from '../cast.ts';
import type { Stage } from '../stage.ts';
import type { Step } from '../step.ts';
import { claim, until } from '../truth.ts';

type Bundle = ReplyOf<(typeof ROUTES)['getAuditProof']>;

/** The entry of the confirmation is proved by a file and a key, and one that says something else is refused. */
export const proveEntry: Step<{ people: People; request: Request }, null> = {
  name: 'entry_proved',
  title: 'The entry is proved offline by one file and one key, and a tampered copy is refused',
  why: 'Whoever checks it needs neither our server nor our word: the entry leads by its hashes to a head that the log signed. An auditor gets the key by another way than this; docs/auditors.md says how.',
  act: async (stage, { people, request }) => {
    const bundle = await proofOf(people, request);
    const files = {
      key: fileIn(stage, 'audit.pub', `${await keyOf(people)}\n`),
      honest: fileIn(stage, 'bundle.json', JSON.stringify(bundle)),
      tampered: fileIn(stage, 'tampered.json', JSON.stringify(tampered(bundle))),
    };
    const told = await stage.runCli(['verify', files.honest, '--key', files.key]);
    const refused = await stage
      .runCli(['verify', files.tampered, '--key', files.key])
      .then(() => 0, exitCodeIn);
    claim('the tampered copy is refused', refused === EXIT_CODES.refused);
    return { facts: { verified: told.split('\n').filter((line) => line !== '') }, value: null };
  },
};

async function proofOf({ compliance }: People, { id: resourceId }: Request): Promise<Bundle> {
  const query = { resourceType: 'tx_request', resourceId, type: 'tx_confirmed' };
  const entry = await until('the entry of the confirmation', async () => {
    const { data } = await compliance.api.call(ROUTES.listAuditEntries, { query });
    return data[0] ?? null;
  });
  return await compliance.api.call(ROUTES.getAuditProof, { params: { id: entry.id } });
}

async function keyOf({ compliance }: People): Promise<string> {
  return (await compliance.api.call(ROUTES.getLatestAuditCheckpoint)).verifierKey;
}

/** As if somebody else had done it. */
function tampered(bundle: Bundle): Bundle {
  return { ...bundle, entry: { ...bundle.entry, actor: { type: 'user', id: 'somebody else' } } };
}

function fileIn({ folder }: Stage, name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function exitCodeIn(error: unknown): unknown {
  const ended = error instanceof AppError ? error.cause : null;
  return ended instanceof Error && 'code' in ended ? ended.code : null;
}
