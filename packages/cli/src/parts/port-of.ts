import { present } from '@ironforge/kernel';
import type { Ports } from '../ports.ts';

/** The port chosen for a name; every name used is in the list that ports are chosen for. */
export function portOf(ports: Ports, name: string): number {
  return present(ports[name], `port of ${name}`);
}
