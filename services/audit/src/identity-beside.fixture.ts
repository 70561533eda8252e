import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { type Route, type RouteInput, requestOf } from '@ironforge/contracts';
import { createTokenIssuer, type SigningKey, signingKey, type UserCaller } from '@ironforge/service-kit';
import {
  createFaultProxy,
  createTestDatabase,
  createTestVhost,
  type FaultProxy,
  startService,
} from '@ironforge/testing';

/** Identity as it runs in production, beside the audit service: what is personal in entries is encrypted there. */
export interface IdentityBeside extends AsyncDisposable {
  /** Where the audit service finds it. */
  readonly url: string;
  /** Between the two. */
  readonly line: FaultProxy;
  /** Asks as the gateway does for somebody. Throws when that is refused. */
  ask<R extends Route>(route: R, input: RouteInput<R>, caller: UserCaller): Promise<void>;
}

/** The keys by which the services of all tests know each other. */
export const SERVICE_KEYS = { gateway: newServiceKey('gateway'), audit: newServiceKey('audit') };

/** The people of the tenant that identity starts with, by e-mail. */
export const PEOPLE = ['ada@forge.test', 'ben@forge.test', 'cem@forge.test'] as const;

/** Starts identity on the parts of a test; the first of its people is the admin of their tenant. */
export async function startIdentityBeside({
  DATABASE_URL,
  AMQP_URL,
}: Readonly<Record<'DATABASE_URL' | 'AMQP_URL', string>>): Promise<IdentityBeside> {
  await using stack = new AsyncDisposableStack();
  const identity = stack.use(
    await startService('identity', { ...identityEnvironment(), DATABASE_URL, AMQP_URL }),
  );
  const line = stack.use(await createFaultProxy(identity.url));
  const issue = createTokenIssuer(SERVICE_KEYS.gateway, () => new Date());
  const running = stack.move();
  return {
    url: line.urlFor(identity.url),
    line,
    ask: async (route, input, caller) => {
      const { path, method, headers, body } = requestOf(route, input);
      const authorization = `Bearer ${await issue('identity', caller)}`;
      const init = {
        method,
        headers: { ...headers, authorization },
        ...(body === undefined ? {} : { body }),
      };
      const answer = await fetch(new URL(path, identity.url), init);
      if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

let shared: Promise<{ readonly url: string }> | undefined;

/** The identity of every test that only needs one to be there: one for all files of a process, which it ends with. */
export async function identityForAll(): Promise<{ readonly url: string }> {
  shared ??= startForAll();
  return shared;
}

async function startForAll() {
  const [{ url }, { amqpUrl }] = await Promise.all([createTestDatabase(), createTestVhost()]);
  return await startService('identity', { ...identityEnvironment(), DATABASE_URL: url, AMQP_URL: amqpUrl });
}

/** A key of a service's own, whose name it bears. */
export function newServiceKey(kid: string): SigningKey {
  const { privateKey } = generateKeyPairSync('ed25519');
  return signingKey.parse({ ...privateKey.export({ format: 'jwk' }), kid });
}

/** The public halves, as services are given them. */
export function publicHalves(): string {
  return JSON.stringify({ keys: Object.values(SERVICE_KEYS).map(({ d: _secret, ...open }) => open) });
}

function identityEnvironment(): Record<string, string> {
  const users = PEOPLE.map((email, index) => ({
    email,
    password: randomBytes(12).toString('hex'),
    displayName: `Person ${email}`,
    roles: [index === 0 ? 'admin' : 'user'],
  }));
  return {
    NODE_ENV: 'test',
    INTERNAL_SIGNING_KEY: JSON.stringify(newServiceKey('identity')),
    INTERNAL_JWKS: publicHalves(),
    ACCESS_TOKEN_KEY: JSON.stringify(newServiceKey('access')),
    API_KEY_PEPPER: randomBytes(32).toString('hex'),
    PERSONAL_DATA_KEY: randomBytes(32).toString('hex'),
    EMAIL_INDEX_KEY: randomBytes(32).toString('hex'),
    // Nobody is asked about changes here.
    TX_ORCHESTRATOR_URL: 'http://127.0.0.1:9',
    BOOTSTRAP: JSON.stringify({ tenant: { name: 'Forge', plan: 'enterprise' }, users }),
  };
}
