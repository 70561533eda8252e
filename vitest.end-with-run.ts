// A file's process whose run was killed would go on with its tests, and keep alive what it started. The word of a parent
// that has died is the end of the channel to it; vitest itself looks only at what cannot be sent.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
