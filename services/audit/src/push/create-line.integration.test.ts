import { present } from '@ironforge/kernel';
import { expect, it } from 'vitest';
import { newTenant } from '../audit.fixture.ts';
import { createLine } from './create-line.ts';
import { openReceiver, WIRES } from './receiver.fixture.ts';
import { pushTargets } from './targets.ts';

it('a line whose time is over before it sends gives up at once, also to a receiver that takes nothing', {
  timeout: 10_000,
}, async () => {
  await using receiver = await openReceiver(WIRES.ocsf);
  receiver.onConnection((socket) => socket.pause());
  const [target] = pushTargets.parse([
    { name: 'siem', tenantId: newTenant(), url: `tcp://127.0.0.1:${receiver.port}`, format: 'ocsf' },
  ]);
  const line = createLine(present(target, 'a target'));
  await line.open(AbortSignal.timeout(5_000));
  const stop = new AbortController();
  stop.abort();
  const sending = line.send('x'.repeat(64 * 2 ** 20), stop.signal);
  await expect(sending).rejects.toMatchObject({ code: 'dependency_down' });
  line.close();
});
