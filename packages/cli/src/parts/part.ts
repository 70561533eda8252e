import type { Home } from '../home.ts';
import type { Ports } from '../ports.ts';
import type { Secrets } from '../secrets.ts';
import type { Program } from '../supervisor/program.ts';
import type { FetchApt } from './fetch-apt.ts';
import type { RunCommand } from './run-command.ts';

/** What finding and preparing a part may use. */
export interface PartContext {
  readonly home: Home;
  readonly env: NodeJS.ProcessEnv;
  readonly ports: Ports;
  readonly secrets: Secrets;
  readonly say: (line: string) => void;
  readonly run: RunCommand;
  readonly fetchApt: FetchApt;
}

/** One real component, found: its address and what must be started for it, in groups one after the other. */
export interface Part<Address> {
  readonly name: string;
  /** Where it comes from, in words. */
  readonly source: string;
  readonly address: Address;
  readonly stages: readonly (readonly Program[])[];
}
