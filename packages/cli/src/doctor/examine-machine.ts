import { existsSync, mkdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../context.ts';
import { type Finding, ill, well } from './finding.ts';

const NEEDED_BYTES = 1_000_000_000;

/** Looks at what every start stands on: Node, the folder, the disk, /proc. */
export function examineMachine({ home }: Context): readonly Finding[] {
  mkdirSync(home.dir, { recursive: true, mode: 0o700 });
  return [node(), freeSpace(home.dir), proc(), installed(home.root)];
}

function node(): Finding {
  const version = process.versions.node;
  const isNewEnough = Number(version.split('.')[0]) >= 24;
  return isNewEnough
    ? well('Node', version)
    : ill('Node', `${version} is older than 24`, 'start through ./ironforge, which fetches Node 24');
}

function freeSpace(folder: string): Finding {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const detail = `${(free / 1e9).toFixed(1)} GB free for ${folder}`;
  return free >= NEEDED_BYTES ? well('disk', detail) : ill('disk', detail, 'free at least 1 GB there');
}

function proc(): Finding {
  if (existsSync('/proc/self/stat')) return well('/proc', 'mounted');
  const fix =
    'mount -t proc proc /proc: without it, what a killed supervisor left cannot be told from strangers';
  return ill('/proc', 'not mounted', fix);
}

function installed(root: string): Finding {
  return existsSync(join(root, 'node_modules'))
    ? well('workspace', 'installed')
    : ill('workspace', 'not installed', 'start through ./ironforge, which installs it once');
}
