import { formatKey, keyOf, parseLogKeys } from '@ironforge/audit-log';
import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { endSignal } from '../stack/end-signal.ts';
import { trouble } from '../trouble.ts';
import { readKeys } from '../verify/read-keys.ts';
import { startWitness } from './start-witness.ts';
import { makeWitnessKey, readWitnessKey } from './witness-key.ts';
import { openWitnessState } from './witness-state.ts';

interface Options {
  readonly listen: string;
  readonly key: string;
  readonly logs: string;
  readonly state: string;
}

/** Adds `witness` and `witness-key`: a program apart, which follows logs of others and cosigns what only grew. */
export function addWitnessCommands(program: Command, context: Context): void {
  program
    .command('witness')
    .description('cosign the checkpoints of audit logs that only grow (c2sp.org/tlog-witness), until SIGTERM')
    .requiredOption('--listen <host:port>', 'where it is asked; port 0 takes a free one')
    .requiredOption('--key <file>', "the witness's signer, which witness-key made")
    .requiredOption(
      '--logs <file>',
      'verifier keys of the logs that it follows, one a line; # begins a comment',
    )
    .requiredOption('--state <folder>', 'where it keeps what it cosigned last: never lose it, never share it')
    .action((options: Options) => witness(options, context));
  program
    .command('witness-key <name>')
    .description('make the signer of a witness, keep it in a new file, print the key that verifies it')
    .requiredOption('--key <file>', 'the file to make, mode 0600')
    .action((name: string, { key }: { readonly key: string }) => context.print(makeWitnessKey(name, key)));
}

async function witness({ listen, key, logs, state }: Options, { print, say }: Context): Promise<void> {
  using ended = endSignal();
  const place = placeOf(listen);
  const [signer, logKeys] = [readWitnessKey(key), readKeys(logs, parseLogKeys)];
  await using kept = await openWitnessState(state);
  const clock = () => new Date();
  await using running = await startWitness({ signer, logKeys, state: kept, clock, say }, place);
  print(`${formatKey(keyOf(signer))} listens on ${running.url}`);
  await raised(ended.signal);
}

/** Throws `usage` for what is not `host:port`; an IPv6 address stands in brackets. */
function placeOf(listen: string) {
  const {
    bracketed,
    plain,
    port = '',
  } = /^(?:\[(?<bracketed>[^\]]+)\]|(?<plain>[^:]+)):(?<port>\d{1,5})$/.exec(listen)?.groups ?? {};
  const host = bracketed ?? plain;
  if (host !== undefined && Number(port) <= 65_535) return { host, port: Number(port) };
  throw trouble('usage', `"${listen}" is no address to listen on: say for example 127.0.0.1:7380`);
}

async function raised(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}
