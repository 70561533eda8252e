import { confirm } from './confirm.ts';
import { homeOf } from './home.ts';
import { run } from './run.ts';

// A reader that has heard enough, such as `head`, is no fault.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

process.exitCode = await run(process.argv.slice(2), {
  env: process.env,
  home: homeOf(process.env),
  print: (line) => process.stdout.write(`${line}\n`),
  say: (line) => process.stderr.write(`${line}\n`),
  confirm: process.stdin.isTTY ? confirm : null,
});
