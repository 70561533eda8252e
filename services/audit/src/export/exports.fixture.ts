import { createExportVerifier, type ExportVerdict, parseLogKeys } from '@ironforge/audit-log';
import { type ReplyOf, ROUTES } from '@ironforge/contracts';
import type { TenantId } from '@ironforge/kernel';
import { waitUntil } from '@ironforge/testing';
import type { Audit } from '../app.ts';
import { type AuditWorld, personOf } from '../audit.fixture.ts';

/** An export as the API shows it. */
export type ShownExport = ReplyOf<(typeof ROUTES)['getAuditExport']>;

/** What a person of a tenant does with exports. */
export interface Exporting {
  readonly send: (path: string, init?: RequestInit) => Promise<Response>;
  readonly ask: (body: object, headers?: Record<string, string>) => Promise<Response>;
  /** Asks and waits until it is ready. */
  readonly made: (body: object) => Promise<ShownExport>;
  readonly until: (id: string, status: ShownExport['status']) => Promise<ShownExport>;
  readonly file: (id: string, headers?: Record<string, string>) => Promise<Response>;
  readonly manifest: (id: string) => Promise<string>;
  /** The verdict of a stranger who has the key alone. */
  readonly verdict: (file: Uint8Array, manifest: string) => Promise<ExportVerdict>;
}

/** A person of a tenant who may export, at a running service. */
export function exportingAs(
  { authorize }: Pick<AuditWorld, 'authorize'>,
  audit: Audit,
  tenantId: TenantId,
): Exporting {
  const person = personOf(tenantId, 'audit:export', 'audit:read');
  const send = async (path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    headers.set('authorization', await authorize(person));
    return await fetch(new URL(path, audit.url), { ...init, headers });
  };
  const ask: Exporting['ask'] = async (body, headers = {}) => {
    const all = { 'content-type': 'application/json', ...headers };
    return await send('/v1/audit/exports', { method: 'POST', headers: all, body: JSON.stringify(body) });
  };
  const show = async (id: string) =>
    ROUTES.getAuditExport.reply.parse(await (await send(`/v1/audit/exports/${id}`)).json());
  const until: Exporting['until'] = async (id, status) =>
    await waitUntil(`the export to be ${status}`, async () => {
      const shown = await show(id);
      return shown.status === status ? shown : null;
    });
  const made: Exporting['made'] = async (body) => {
    const answer = await ask(body);
    return await until(ROUTES.createAuditExport.reply.parse(await answer.json()).id, 'ready');
  };
  const verdict: Exporting['verdict'] = async (file, manifest) => {
    const latest = await (await send('/v1/audit/checkpoints/latest')).json();
    const keys = parseLogKeys(ROUTES.getLatestAuditCheckpoint.reply.parse(latest).verifierKey);
    const logKeys = 'keys' in keys ? keys.keys : [];
    const verifier = createExportVerifier(Buffer.from(manifest), { logKeys, witnessKeys: [], since: null });
    verifier.add(file);
    return verifier.end();
  };
  return {
    ...{ send, ask, made, until, verdict },
    file: async (id, headers = {}) => await send(`/v1/audit/exports/${id}/file`, { headers }),
    manifest: async (id) => await (await send(`/v1/audit/exports/${id}/manifest`)).text(),
  };
}
