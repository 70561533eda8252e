import type { Bus } from '@ironforge/bus';
import type { Clock, Logger, NewId } from '@ironforge/kernel';
import {
  countDatabase,
  createEventMaker,
  createInternalClient,
  createMetrics,
  createTokenIssuer,
  databaseCheck,
  type Listening,
  serveRoutes,
} from '@ironforge/service-kit';
import { createOutbox, type Outbox, type Store } from '@ironforge/store';
import { checkBootstrap, runBootstrap } from './bootstrap.ts';
import type { Config } from './config.ts';
import { createAccessTokens } from './credentials/access-tokens.ts';
import { createFieldCipher } from './credentials/field-cipher.ts';
import { createKeyedHash } from './credentials/keyed-hash.ts';
import { createPasswords } from './credentials/passwords.ts';
import type { IdentityDeps } from './deps.ts';
import { createDataKeys } from './personal/data-keys.ts';
import { moveUserFields } from './personal/move-user-fields.ts';
import { identityRoutes } from './routes.ts';

const SERVICE = 'identity';
/** The orchestrator asks identity back before it answers, and is told how long it is waited for. */
const NEIGHBOUR_TIMEOUT_MS = 10_000;

/** What the process brings along. */
export interface IdentityParts {
  readonly store: Store;
  readonly bus: Bus;
  readonly log: Logger;
  readonly clock: Clock;
  readonly newId: NewId;
}

/** Starts identity: outbox, first tenant, routes. Disposing it stops taking requests, then publishes what is left. */
export async function startIdentity(config: Config, parts: IdentityParts): Promise<Listening> {
  const { store, bus, log, clock } = parts;
  if (config.BOOTSTRAP !== undefined) checkBootstrap(config.BOOTSTRAP, config.NODE_ENV);
  const outbox = createOutbox({
    store,
    service: SERVICE,
    publisher: bus,
    log,
    retentionDays: config.RETENTION_DAYS,
  });
  outbox.start();
  const deps = await createDeps(config, parts, outbox);
  if (config.BOOTSTRAP !== undefined) await runBootstrap(deps, config.BOOTSTRAP);
  await moveUserFields(deps);
  const routes = identityRoutes(deps);
  const checks = readinessChecks(store);
  const metrics = createMetrics(SERVICE);
  countDatabase(metrics, store);
  const server = await serveRoutes({
    service: SERVICE,
    config,
    routes,
    checks,
    metrics,
    log,
    clock,
  });
  return {
    ...server,
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await outbox[Symbol.asyncDispose]();
    },
  };
}

async function createDeps(config: Config, parts: IdentityParts, outbox: Outbox): Promise<IdentityDeps> {
  const { clock, newId } = parts;
  const hashEmail = createKeyedHash(config.EMAIL_INDEX_KEY);
  const cipher = createFieldCipher(Buffer.from(config.PERSONAL_DATA_KEY, 'hex'), 'v1');
  return {
    ...parts,
    outbox,
    events: createEventMaker({ service: SERVICE, clock, newId }),
    call: createInternalClient({
      service: SERVICE,
      timeoutMs: NEIGHBOUR_TIMEOUT_MS,
      urls: { 'tx-orchestrator': config.TX_ORCHESTRATOR_URL },
      issueToken: createTokenIssuer(config.INTERNAL_SIGNING_KEY, clock),
    }),
    cipher,
    dataKeys: createDataKeys(cipher),
    hashEmail: (email) => hashEmail('email', email),
    keyedHash: createKeyedHash(config.API_KEY_PEPPER),
    passwords: await createPasswords(),
    accessTokens: await createAccessTokens(config.ACCESS_TOKEN_KEY, clock),
    plans: config.PLAN_LIMITS,
  };
}

/** The broker is not among them: events wait in the outbox while it is away. */
function readinessChecks(store: Store) {
  return { database: databaseCheck(store) };
}
