import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { examineMachine } from '../doctor/examine-machine.ts';
import { examineRunning } from '../doctor/examine-running.ts';
import { examineSources } from '../doctor/examine-sources.ts';
import type { Finding } from '../doctor/finding.ts';
import { EXIT_CODES } from '../trouble.ts';

/** Adds `doctor`: looks at everything a start needs and at what runs, and prints the fix beside each fault. */
export function addDoctorCommand(program: Command, context: Context): void {
  program
    .command('doctor')
    .description('look for faults of this machine and of the installation, and say how to mend each')
    .option('--json', 'print one JSON object')
    .action(async ({ json }: { json?: true }) => {
      const findings = [
        ...examineMachine(context),
        ...(await examineSources(context)),
        ...(await examineRunning(context)),
      ];
      const isWell = findings.every(({ fix }) => fix === null);
      process.exitCode = isWell ? 0 : EXIT_CODES.failed;
      if (json) return context.print(JSON.stringify({ ok: isWell, findings }, null, 2));
      for (const finding of findings) context.print(told(finding));
    });
}

function told({ what, detail, fix }: Finding): string {
  const line = `${fix === null ? 'ok   ' : 'FAULT'} ${what.padEnd(18)} ${detail}`;
  return fix === null ? line : `${line}\n      ${''.padEnd(18)} → ${fix}`;
}
