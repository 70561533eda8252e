import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { homeOf } from '../../home.ts';
import { createAptFetcher } from '../../parts/fetch-apt.ts';
import { libraryPath } from '../../parts/library-path.ts';
import { folderOnPath } from '../../parts/on-path.ts';
import { createRunCommand } from '../../parts/run-command.ts';

/** A real browser without a window: Chromium of the PATH, else of the Debian archive, fetched once into `.ironforge/tools`. */
export async function openChromium(): Promise<Browser> {
  const { path, variables } = (await onPath()) ?? (await fetched());
  return chromium.launch({ executablePath: path, env: { ...process.env, ...variables } });
}

/** A program, and the variables by which it finds what it needs. */
interface Binary {
  readonly path: string;
  readonly variables: Readonly<Record<string, string>>;
}

const PACKAGE = 'chromium-headless-shell';
const NAMES = [PACKAGE, 'chromium', 'chromium-browser', 'google-chrome'];

async function onPath(): Promise<Binary | null> {
  const places = NAMES.flatMap((name) => {
    const folder = folderOnPath(process.env, name);
    return folder === null ? [] : [join(folder, name)];
  });
  const [path] = places;
  return path === undefined ? null : { path, variables: {} };
}

async function fetched(): Promise<Binary> {
  const run = createRunCommand(new AbortController().signal);
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  await using apt = createAptFetcher({ home: homeOf(process.env), say, run });
  const folder = await apt.fetch(PACKAGE).catch((cause: unknown) => {
    throw new Error(`no browser: put ${NAMES.join(' or ')} on the PATH`, { cause });
  });
  const path = join(folder, 'usr/lib/chromium', PACKAGE);
  return {
    path,
    variables: { LD_LIBRARY_PATH: withPulse(libraryPath(folder)), FONTCONFIG_FILE: fontsOf(folder) },
  };
}

/** A configuration of the machine's fonts and of those that came with it: only what the machine has not was fetched. */
function fontsOf(folder: string): string {
  const file = join(folder, 'fonts.conf');
  const machine = '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>';
  const own = `<dir>${folder}/usr/share/fonts</dir><cachedir>${folder}/fonts-cache</cachedir>`;
  writeFileSync(file, `<?xml version="1.0"?>\n<fontconfig>${machine}${own}</fontconfig>\n`);
  return file;
}

/** Debian's libpulse finds the rest of itself in a folder beside it. */
function withPulse(libraries: string): string {
  return [libraries, ...libraries.split(':').map((folder) => join(folder, 'pulseaudio'))].join(':');
}
