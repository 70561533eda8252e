import { execFile } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a tool printed and how it ended. */
export interface ToolResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const BIN = fileURLToPath(new URL('../node_modules/.bin', import.meta.url));
/** Three times what all gates together may take: a machine that is busy with tests makes them slow, not wrong. */
const LIMITS = { timeout: 180_000, maxBuffer: 256 * 1024 * 1024, encoding: 'utf8' } as const;

/** Runs one of the workspace's own tools in a folder. Throws when it cannot start or takes more than 3 minutes. */
export function runTool(name: string, args: readonly string[], folder: string): Promise<ToolResult> {
  const env = {
    ...process.env,
    NO_COLOR: '1',
    PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ''}`,
  };
  return new Promise((resolve, reject) => {
    execFile(join(BIN, name), args, { ...LIMITS, cwd: folder, env }, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : error.code;
      if (typeof exitCode === 'number') resolve({ exitCode, stdout, stderr });
      else
        reject(
          new Error(`${name} did not end by itself: run pnpm install, then try again`, { cause: error }),
        );
    });
  });
}

/** The fault of a tool that failed without naming a finding, so that a gate never passes by accident. */
export function toolFault(name: string, result: ToolResult): Error {
  const said = `${result.stdout}\n${result.stderr}`.trim().slice(-1000);
  return new Error(`${name} ended with ${String(result.exitCode)} and named no finding: ${said}`);
}
