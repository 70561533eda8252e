import { readFileSync } from 'node:fs';
import { trouble } from '../trouble.ts';

/** An account of this system by its numbers. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** The account for a server that refuses to run as root: its own, else nobody. Null when we are not root. */
export function unprivilegedAccount(name: string): Account | null {
  if (process.getuid?.() !== 0) return null;
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const found = accounts.find(([user]) => user === name) ?? accounts.find(([user]) => user === 'nobody');
  if (found === undefined)
    throw trouble(
      'missing_part',
      `PostgreSQL does not run as root: add a user ${name} or start as another user`,
    );
  return { uid: Number(found[2]), gid: Number(found[3]) };
}

/**
 * The command line that runs a program under an account. It keeps the one capability to pass folders of root's, since
 * the installation may be under /root (capabilities(7): CAP_DAC_OVERRIDE; without the secure bit access(2) ignores it).
 */
export function asAccount(
  account: Account | null,
  program: string,
  args: readonly string[],
): readonly [string, ...string[]] {
  if (account === null) return [program, ...args];
  const identity = [`--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups'];
  const capability = [
    '--securebits=+no_setuid_fixup',
    '--inh-caps=+dac_override',
    '--ambient-caps=+dac_override',
  ];
  return ['setpriv', ...identity, ...capability, '--', program, ...args];
}
