import { join } from 'node:path';
import { formatImmudbUrl } from '@ironforge/immudb';
import { present } from '@ironforge/kernel';
import { DEVELOPMENT_USERS } from '../development-users.ts';
import type { Home } from '../home.ts';
import { writeJson, writePrivate } from '../json-file.ts';
import type { ImmudbPlace } from '../parts/immudb-place.ts';
import type { PrivateJwk, Secrets } from '../secrets.ts';

/** The paths of what services read from files. */
export interface ServiceFiles {
  readonly chains: string;
  readonly internalJwks: string;
  readonly accessTokenKey: string;
  readonly auditKey: string;
  /** Empty until that key was rotated. */
  readonly auditPreviousKey: string;
  /** Null where the audit log is kept in SQL alone. */
  readonly immudb: LedgerFiles | null;
  readonly apiKeyPepper: string;
  readonly personalDataKey: string;
  readonly emailIndexKey: string;
  readonly bootstrap: string;
  readonly signingKey: (service: string) => string;
}

/** What the audit service reads about its second copy. */
export interface LedgerFiles {
  readonly url: string;
  readonly publicKey: string;
  /** Empty unless the server's certificate comes from somebody whom Node does not trust. */
  readonly authorities: string;
  readonly copyKey: string;
}

/** What the files are made of. */
export interface FileContents {
  readonly secrets: Secrets;
  readonly chains: readonly object[];
  readonly immudb: ImmudbPlace | null;
}

/** Writes the services' files, each of mode 0600, and gives their paths. */
export function writeServiceFiles(home: Home, { secrets, chains, immudb }: FileContents): ServiceFiles {
  const dir = runFolder(home);
  const json = (name: string, value: unknown): string => {
    const path = join(dir, `${name}.json`);
    writeJson(path, value);
    return path;
  };
  const text = (name: string, value: string): string => {
    const path = join(dir, name);
    writePrivate(path, value);
    return path;
  };
  return {
    chains: json('chains', chains),
    internalJwks: json('internal-jwks', { keys: Object.values(secrets.serviceKeys).map(publicJwk) }),
    accessTokenKey: json('access-token-key', secrets.accessTokenKey),
    ...writeAuditKeys(home, secrets),
    immudb: immudb && {
      url: text('immudb-url', formatImmudbUrl(immudb)),
      publicKey: text('immudb-public-key', immudb.serverPublicKey),
      authorities: text('immudb-ca', immudb.rootCertificates ?? ''),
      copyKey: text('audit-copy-key', secrets.auditCopyKey),
    },
    apiKeyPepper: text('api-key-pepper', secrets.apiKeyPepper),
    personalDataKey: text('personal-data-key', secrets.personalDataKey),
    emailIndexKey: text('email-index-key', secrets.emailIndexKey),
    bootstrap: json('bootstrap', bootstrapOf(secrets)),
    signingKey: (service) =>
      json(`signing-key-${service}`, present(secrets.serviceKeys[service], `key of ${service}`)),
  };
}

/** Writes what the audit service signs by, and the key before; it reads them when it starts. */
export function writeAuditKeys(
  home: Home,
  { auditKey, auditEarlierKeys: [previous] }: Secrets,
): Pick<ServiceFiles, 'auditKey' | 'auditPreviousKey'> {
  const paths = {
    auditKey: join(runFolder(home), 'audit-key.json'),
    auditPreviousKey: join(runFolder(home), 'audit-previous-key.json'),
  };
  writeJson(paths.auditKey, auditKey);
  writePrivate(paths.auditPreviousKey, previous === undefined ? '' : JSON.stringify(previous));
  return paths;
}

/** Where the files of the running installation are. */
export function runFolder(home: Home): string {
  return join(home.dir, 'run');
}

function publicJwk({ d: _private, ...shown }: PrivateJwk): Omit<PrivateJwk, 'd'> {
  return shown;
}

// What identity makes once in an empty database: the local tenant with a roomy plan, and its people.
function bootstrapOf({ accounts }: Secrets): object {
  return {
    tenant: {
      name: 'Local',
      plan: 'enterprise',
      limits: { maxWallets: 1_000_000, maxTransactionsPerDay: 100_000, requestsPerMinute: 1_000_000 },
    },
    users: DEVELOPMENT_USERS.map(({ name, email, displayName, roles }) => ({
      email,
      displayName,
      roles,
      password: present(accounts[name], `account ${name}`).password,
    })),
  };
}
