import type { Home } from '../home.ts';
import { isPortFree, keptPorts, portVariable } from '../ports.ts';
import { isStillRunning } from '../supervisor/identity.ts';
import { readState } from '../supervisor/state-file.ts';
import { type Finding, ill, well } from './finding.ts';

/** Looks whether the ports of an installation that does not run are free for its next start. */
export async function examinePorts(home: Home): Promise<readonly Finding[]> {
  const left = leftOver(home);
  if (left.length > 0) {
    const detail = `${left.join(', ')} still run without a supervisor, which was killed`;
    return [ill('left over', detail, './ironforge up, which ends them first, or ./ironforge down')];
  }
  const ports = Object.entries(keptPorts(home));
  const taken: Finding[] = [];
  for (const [name, port] of ports) {
    if (await isPortFree(port)) continue;
    const fix = `stop that program or set ${portVariable(name)}`;
    taken.push(ill('port', `${port} of ${name} is taken by another program`, fix));
  }
  return taken.length > 0 ? taken : [well('ports', ports.length > 0 ? 'free' : 'chosen at the first start')];
}

/** What a killed supervisor left running; its ports are ours, not another program's. */
function leftOver(home: Home): readonly string[] {
  const parts = readState(home)?.parts ?? [];
  return parts
    .filter(({ identity }) => identity !== null && isStillRunning(identity))
    .map(({ name }) => name);
}
