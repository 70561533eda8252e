import { expect, it } from 'vitest';
import type { ChainStatus } from '../stack/chain-status.ts';
import type { Status } from '../stack/status.ts';
import { statusLines } from './status-lines.ts';

const CHAIN: ChainStatus = {
  chainId: 'eip155:31337',
  name: 'local',
  kind: 'evm',
  nativeAssetId: 'eip155:31337/slip44:60',
  nativeSymbol: 'ETH',
  decimals: 18,
  confirmations: 2,
  head: { height: 812, hash: `0x${'1'.repeat(64)}`, time: '2026-01-01T00:00:00.000Z' },
  finalizedHeight: 780,
  status: 'following',
  stopReason: null,
};
const STATUS: Status = {
  running: true,
  phase: 'ready',
  problem: null,
  parts: [],
  chains: [],
  absent: [],
  auditCopy: null,
};

const chainLines = (...chains: Partial<ChainStatus>[]) =>
  statusLines({ ...STATUS, chains: chains.map((change) => ({ ...CHAIN, ...change })) }).slice(3);

it('shows of each chain how it is followed, its height, and what is final', () => {
  expect(chainLines({}, { chainId: 'eip155:56', status: 'behind', finalizedHeight: null })).toEqual([
    'eip155:31337      following 812         780',
    'eip155:56         behind    812         -',
  ]);
});

it('says why a chain is stopped, and where to read what to do', () => {
  expect(chainLines({ status: 'stopped', stopReason: 'forked_below_finality' })).toEqual([
    'eip155:31337      stopped   812         780  forked below finality: see docs/operators/reorgs.md',
  ]);
  expect(
    chainLines({ status: 'stopped', stopReason: 'wrong_chain', head: null, finalizedHeight: null }),
  ).toEqual([
    'eip155:31337      stopped   -           -  all its nodes are of another chain: see docs/operators/chains.md',
  ]);
});

it('says which part the installation does without, and that the audit log has no second copy then', () => {
  const auditCopy = {
    copy: 'SQL ledger alone',
    entriesBehind: null,
    refusedFor: null,
    logsRefused: null,
  } as const;
  const lines = statusLines({ ...STATUS, absent: ['immudb'], auditCopy });
  expect(lines).toEqual(
    expect.arrayContaining(['immudb            none', 'audit copy        SQL ledger alone']),
  );
});

it('says of the second copy how far behind it is, and why it is refused', () => {
  const auditCopy = { copy: 'immudb', entriesBehind: 12, refusedFor: null, logsRefused: 0 } as const;
  expect(statusLines({ ...STATUS, auditCopy })).toContain('audit copy        immudb, 12 entries behind');
  expect(statusLines({ ...STATUS, auditCopy: { ...auditCopy, refusedFor: 'other_server' } })).toContain(
    'audit copy        immudb, refused (other_server): see docs/operators/audit-copy.md',
  );
  expect(statusLines({ ...STATUS, auditCopy: { ...auditCopy, logsRefused: 2 } })).toContain(
    'audit copy        immudb, 12 entries behind, logs refused: 2, see docs/operators/audit-copy.md',
  );
});

it('says that nobody tells of chains, and why nothing runs', () => {
  expect(statusLines({ ...STATUS, chains: null }).at(-1)).toBe('the gateway tells of no chain now');
  expect(statusLines({ ...STATUS, running: false, problem: 'no disk' })).toEqual([
    'IronForge is not running: no disk',
  ]);
});
