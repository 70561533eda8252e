import { generateKeyPairSync } from 'node:crypto';
import { INTERNAL_ROUTES, type Route } from '@ironforge/contracts';
import { branded, type TenantId, type UserId } from '@ironforge/kernel';
import { type Caller, createTokenIssuer } from '@ironforge/service-kit';

const SERVICES = ['gateway', 'tx-orchestrator', 'chain-watcher'] as const;
const keys = Object.fromEntries(SERVICES.map((name) => [name, newKey(name)]));

/** The watcher's own key and everybody's public one, as the environment gives them. */
export function internalKeys() {
  const publicKeys = Object.values(keys).map(({ d: _secret, ...shown }) => shown);
  return {
    INTERNAL_SIGNING_KEY: JSON.stringify(keys['chain-watcher']),
    INTERNAL_JWKS: JSON.stringify({ keys: publicKeys }),
  };
}

/** A person of a tenant with the given permissions. */
export function person(tenantId: TenantId, userId: string, ...permissions: string[]): Caller {
  const user = { tenantId, userId: branded<UserId>(userId), apiKeyId: null, sessionId: null };
  return { kind: 'user', ...user, roles: [], permissions };
}

/** Calls a route of the watcher as the gateway does for a person; with a body by POST. */
export async function callAs(caller: Caller, url: string, body?: unknown) {
  return await send('gateway', caller, url, body);
}

/** Sends a body to a route of the watcher as the gateway does for a person. */
export async function postAs(caller: Caller, url: string, body: unknown) {
  return await send('gateway', caller, url, body);
}

/** Asks for a quote as the orchestrator does. */
export async function askQuote(serviceUrl: string, body: unknown) {
  return await askAsService(serviceUrl, INTERNAL_ROUTES.quote, body);
}

/** Asks what is for services, as the orchestrator. */
export async function askAsService(serviceUrl: string, { path }: Route, body: unknown) {
  const caller = { kind: 'service', service: 'tx-orchestrator' } as const;
  return await send('tx-orchestrator', caller, `${serviceUrl}${path}`, body);
}

async function send(...[service, caller, url, body]: [keyof typeof keys, Caller, string, unknown?]) {
  const key = keys[service];
  if (key === undefined) throw new Error(`no key of ${service}`);
  const token = await createTokenIssuer(key, () => new Date())('chain-watcher', caller);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const request = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const response = await fetch(url, { headers, ...request });
  const answer: unknown = await response.json();
  return { status: response.status, body: answer, link: response.headers.get('link') };
}

function newKey(kid: string) {
  const { x = '', d = '' } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return { kty: 'OKP' as const, crv: 'Ed25519' as const, x, d, kid };
}
