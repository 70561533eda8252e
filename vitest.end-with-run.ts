// A process whose run was killed would go on with its tests, and keep alive what it started. The word of a parent that has
// died is the end of the channel to it; vitest itself looks only at what cannot be sent. Each file that a process runs comes
// by here, and one listener is enough.
const LISTENS = Symbol.for('ironforge: this process ends with its run');

if (!(LISTENS in process)) {
  Object.defineProperty(process, LISTENS, { value: true });
  process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
}
