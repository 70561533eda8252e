import { homeOf } from '../home.ts';
import { createRecord } from '../stack/record.ts';
import { holdHome } from './hold.ts';
import { listenerProgram } from './listener.fixture.ts';
import { createSupervisor } from './supervisor.ts';

// A supervisor in a process of its own, to be killed: it holds the home, keeps one listener alive, says
// "ready", and ends with the test that started it.
const home = homeOf(process.env);
const hold = await holdHome(home);
if (hold === null) throw new Error('the home is held');
const record = createRecord({
  env: process.env,
  home,
  print: () => undefined,
  say: () => undefined,
  confirm: null,
});
const supervisor = createSupervisor({
  home,
  env: process.env,
  say: record.say,
  signal: new AbortController().signal,
  onChange: () => record.parts(supervisor.states()),
});
await supervisor.start([listenerProgram('listener', Number(process.env['LISTENER_PORT']))]);
process.stdout.write('ready\n');
process.stdin.once('end', () => process.exit()).resume();
