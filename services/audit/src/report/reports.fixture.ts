import { randomUUID } from 'node:crypto';
import { parseLogKeys, verifyReports } from '@ironforge/audit-log';
import type { OutgoingMessage } from '@ironforge/bus';
import { INTERNAL_ROUTES, type ReplyOf, ROUTES } from '@ironforge/contracts';
import type { TenantId } from '@ironforge/kernel';
import { bindForServices, createMetrics, serveRoutes } from '@ironforge/service-kit';
import { z } from 'zod';
import type { Audit } from '../app.ts';
import { type AuditWorld, personOf, walletUpdated } from '../audit.fixture.ts';

type Moves = ReplyOf<(typeof INTERNAL_ROUTES)['showMoves']>;
type Report = ReplyOf<(typeof ROUTES)['getAuditReport']>;

/** The chain that reports of the tests are of, and how far it is followed. */
export const CHAIN = 'eip155:31337';
export const HEAD = 120;

/** A hash of one letter. */
export const hash = (letter: string) => `0x${letter.repeat(64)}`;

/** What the watcher shows, as a test wants it, and from which blocks on it was asked. */
export interface Shown {
  received: Moves['received'];
  asked: number[];
}

/** Starts a watcher in the place of the real one, which says what it is to show. */
export async function startWatcher({ config, log }: AuditWorld, shown: Shown) {
  const { INTERNAL_JWKS } = config;
  const served = { PORT: 0, HOST: '127.0.0.1', NODE_ENV: 'test', INTERNAL_JWKS } as const;
  const metrics = createMetrics('chain-watcher');
  const parts = { service: 'chain-watcher', config: served, checks: {}, metrics, log };
  return await serveRoutes({ ...parts, clock: () => new Date(), routes: [playedWatcher(shown)] });
}

function playedWatcher(shown: Shown) {
  return bindForServices(INTERNAL_ROUTES.showMoves, async ({ body: { from, count } }) => {
    shown.asked.push(from);
    const to = Math.min(from + count - 1, HEAD);
    const received = shown.received.filter(({ blockHeight: at }) => at >= from && at <= to);
    const followed = { from, to, head: HEAD, lastHash: hash('9'), confirmedHeight: HEAD - 10 };
    return { status: 200, body: { ...followed, differences: [], sent: [], received } };
  });
}

/** Deposits of a wallet as the chain has them, and as the watcher tells of them. */
export function depositsOf(tenantId: TenantId, walletId: string) {
  const depositAt = (blockHeight: number, letter: string): Moves['received'][number] => {
    const moved = { txHash: hash(letter), index: 0, assetId: `${CHAIN}/slip44:60`, amount: '7' };
    return { walletId, ...moved, blockHeight, blockHash: hash('1') };
  };
  const observed = (blockHeight: number, letter: string, changed: object = {}): OutgoingMessage => {
    const subject = randomUUID();
    const about = {
      depositId: subject,
      version: 1,
      chainId: CHAIN,
      kind: 'transfer',
      from: null,
      to: '0xAb',
    };
    const depth = { loggedAmount: null, fromHeight: null, depth: 'confirmed', height: HEAD };
    const data = { ...about, ...depositAt(blockHeight, letter), ...depth, ...changed };
    const { body, ...example } = walletUpdated(tenantId, subject, 1);
    const [id, type] = [randomUUID(), 'chain.deposit_observed'];
    const known = z.record(z.string(), z.unknown()).parse(body);
    return { ...example, id, routingKey: type, body: { ...known, id, type, data } };
  };
  return { depositAt, observed };
}

/** A person of a tenant who may ask for reports, at a running service. */
export function reportingAs({ authorize }: Pick<AuditWorld, 'authorize'>, audit: Audit, tenantId: TenantId) {
  const auditor = personOf(tenantId, 'audit:export', 'audit:read');
  const send = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers);
    headers.set('authorization', await authorize(auditor));
    return await fetch(new URL(path, audit.url), { ...init, headers });
  };
  const ask = async (blocks: object, headers: Record<string, string> = {}): Promise<Response> => {
    const body = JSON.stringify({ chainId: CHAIN, ...blocks });
    const all = { 'content-type': 'application/json', ...headers };
    return await send('/v1/audit/reports', { method: 'POST', headers: all, body });
  };
  const make = async (blocks: object, headers: Record<string, string> = {}): Promise<Report> => {
    const answer = await ask(blocks, headers);
    if (answer.status !== 201) throw new Error(`no report: ${answer.status} ${await answer.text()}`);
    return ROUTES.createAuditReport.reply.parse(await answer.json());
  };
  const verdictOf = async ({ report, findings, checkpoint }: Signed) => {
    const latest = await (await send('/v1/audit/checkpoints/latest')).json();
    const parsed = parseLogKeys(ROUTES.getLatestAuditCheckpoint.reply.parse(latest).verifierKey);
    const logKeys = 'keys' in parsed ? parsed.keys : [];
    const file = Buffer.from(JSON.stringify({ reports: [{ report, findings, checkpoint }] }));
    return verifyReports(file, { logKeys, witnessKeys: [], since: null });
  };
  return { send, ask, make, verdictOf };
}

type Signed = Pick<Report, 'report' | 'findings' | 'checkpoint'>;
