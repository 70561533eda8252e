import { type KnownBug, seen } from './known-bug.ts';

/** Known bugs of the audit log. */
export const AUDIT_BUGS = {
  event_not_recorded: seen(
    'an event is taken in and leaves no audit entry',
    { service: 'audit', invariant: 'I4', words: 'has no audit entry' },
    {
      file: 'services/audit/src/consume/create-recorder.ts',
      find: 'return await notPruned(tx, ordered, deps.clock());',
      put: `const all = await notPruned(tx, ordered, deps.clock());
      return all.filter(({ type }) => type !== 'tx_broadcasted');`,
    },
  ),
  version_not_awaited: seen(
    'an entry gets its number before the version that comes before it is there',
    { service: 'audit', invariant: 'I4', words: 'entered after' },
    {
      file: 'services/audit/src/queries/ready-entries.ts',
      find: 'WHERE aggregate_version <= base_version OR aggregate_version - base_version = place',
      put: 'WHERE TRUE',
    },
    {
      file: 'services/audit/src/sequence/ready-on-arrival.ts',
      find: 'if (version > reached + 1) left.push(...peers);',
      put: 'if (version < 0) left.push(...peers);',
    },
  ),
  number_left_out: seen(
    'a number of the log is given to no entry',
    { service: 'audit', invariant: 'I4', words: 'come before it' },
    {
      file: 'services/audit/src/sequence/number-and-seal.ts',
      find: 'const sequence = Number(lease.last_sequence) + index + 1;',
      put: 'const sequence = Number(lease.last_sequence) + index + 2;',
    },
  ),
  told_otherwise: seen(
    'an entry says that something happened when it was taken in',
    { service: 'audit', invariant: 'I4', words: 'differs from its event in: time' },
    {
      file: 'services/audit/src/entry/to-entry.ts',
      find: 'occurredAt: new Date(event.time),',
      put: 'occurredAt: new Date(),',
    },
  ),
  sealed_otherwise: seen(
    'the tree is over other texts than those that are kept',
    { service: 'audit', invariant: 'I4', words: 'over something else' },
    {
      file: 'services/audit/src/seal/seal-entries.ts',
      find: 'texts.map((text) => leafHash(Buffer.from(text)));',
      put: 'texts.map((text) => leafHash(Buffer.from(text.toLowerCase())));',
    },
  ),
  whereabouts_in_clear: seen(
    'from where somebody acted is sealed as it is',
    { service: 'audit', invariant: 'I10', words: 'holds the address of a caller' },
    {
      file: 'services/audit/src/personal/seal-whereabouts.ts',
      find: 'personal: byEvent.get(entry.eventId) ?? null,',
      put: 'personal: { subject: _open?.clientIp ?? "", cipher: "" },',
    },
  ),
} as const satisfies Readonly<Record<string, KnownBug>>;
