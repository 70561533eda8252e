import { AUDIT_ORIGIN } from './audit-key.ts';
import { join } from 'node:path';
import type { Home } from '../home.ts';
import { askService } from '../parts/asks.ts';
import { portOf } from '../parts/port-of.ts';
import type { Ports } from '../ports.ts';
import type { Program } from '../supervisor/program.ts';
import type { ServiceFiles } from './service-files.ts';
import { SERVICES, type Service } from './services.ts';
import { testOverrides } from './test-overrides.ts';

/** What every service is given. */
export interface ServiceSurroundings {
  readonly home: Home;
  readonly env: NodeJS.ProcessEnv;
  readonly ports: Ports;
  readonly files: ServiceFiles;
  /** The services' own role, not the owner's. */
  readonly databaseUrl: string;
  readonly amqpUrl: string;
  readonly amqpManagementUrl: string;
  readonly redisUrl: string;
}

/** The address of a service on this machine. */
export function serviceUrl(ports: Ports, name: string): string {
  return `http://127.0.0.1:${portOf(ports, name)}`;
}

/** One service as a process; its secrets reach it by environment and by files, never by arguments. */
export function serviceProgram(service: Service, surroundings: ServiceSurroundings): Program {
  const { home, ports } = surroundings;
  const url = serviceUrl(ports, service.name);
  return {
    name: service.name,
    kind: 'service',
    command: process.execPath,
    args: [
      ...NODE_OPTIONS,
      `--import=${join(home.root, 'packages/service-kit/src/process/lean-http.ts')}`,
      join(home.root, 'services', service.folder, 'src', 'main.ts'),
    ],
    env: serviceEnv(service, surroundings),
    overrides: () => testOverrides(home, surroundings.env, service.name),
    ports: { [service.name]: portOf(ports, service.name) },
    url,
    stopSignal: 'SIGTERM',
    prepare: async () => undefined,
    ask: () => askService(url),
  };
}

/** How a service runs on Node; what is said of memory is measured in ADR 0028. */
const NODE_OPTIONS = [
  '--disable-warning=ExperimentalWarning',
  '--max-semi-space-size=8',
  '--heap-growing-percent=50',
  '--expose-gc',
];

/** What the compiler of V8 and buffers took is given back: one arena, and large pieces by themselves (glibc mallopt; ADR 0028). */
const MALLOC = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_TRIM_THRESHOLD_: '131072',
};

function serviceEnv(
  service: Service,
  { home, env, ports, files, ...urls }: ServiceSurroundings,
): Record<string, string> {
  return {
    // What Node compiled once is not compiled again at the next start.
    NODE_COMPILE_CACHE: join(home.tools, 'compile-cache'),
    ...MALLOC,
    NODE_ENV: 'development',
    LOG_LEVEL: env['LOG_LEVEL'] ?? 'info',
    ...(env['ANSWER_CHECKS'] ? { ANSWER_CHECKS: env['ANSWER_CHECKS'] } : {}),
    HOST: '127.0.0.1',
    PORT: String(portOf(ports, service.name)),
    DATABASE_URL: urls.databaseUrl,
    AMQP_URL: urls.amqpUrl,
    REDIS_URL: urls.redisUrl,
    CHAINS_FILE: files.chains,
    INTERNAL_JWKS_FILE: files.internalJwks,
    INTERNAL_SIGNING_KEY_FILE: files.signingKey(service.name),
    ...addresses(ports),
    ...ownEnv(service, { env, ports, files, ...urls }),
  };
}

function addresses(ports: Ports): Record<string, string> {
  const known = SERVICES.flatMap(({ name, addressVariable }) =>
    addressVariable === null ? [] : [[addressVariable, serviceUrl(ports, name)] as const],
  );
  return Object.fromEntries(known);
}

/** What an installation may have beside; handed on to the orchestrator as it is. */
const SCREENING = [
  'SCREENING_LIST_FILE',
  'SCREENING_URL',
  'SCREENING_TOKEN',
  'SCREENING_TOKEN_FILE',
  'SCREENING_TIMEOUT_MS',
];

/** Where entries of the audit log are pushed to; handed on to the audit service as it is. */
const PUSH = ['AUDIT_PUSH', 'AUDIT_PUSH_FILE'];

function handedOn(env: NodeJS.ProcessEnv, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}

function ownEnv(
  { name }: Service,
  {
    env,
    ports,
    files,
    amqpManagementUrl,
  }: Pick<ServiceSurroundings, 'env' | 'ports' | 'files' | 'amqpManagementUrl'>,
): Record<string, string> {
  switch (name) {
    case 'gateway':
      return { PUBLIC_URL: serviceUrl(ports, name) };
    case 'tx-orchestrator':
      return handedOn(env, SCREENING);
    case 'audit':
      return {
        AUDIT_SIGNING_KEY_FILE: files.auditKey,
        AUDIT_PREVIOUS_SIGNING_KEY_FILE: files.auditPreviousKey,
        AUDIT_ORIGIN,
        AMQP_MANAGEMENT_URL: amqpManagementUrl,
        ...handedOn(env, PUSH),
        ...ledgerEnv(files),
      };
    case 'chain-watcher-evm':
      return { CHAIN: 'evm' };
    case 'identity':
      return {
        ACCESS_TOKEN_KEY_FILE: files.accessTokenKey,
        API_KEY_PEPPER_FILE: files.apiKeyPepper,
        PERSONAL_DATA_KEY_FILE: files.personalDataKey,
        EMAIL_INDEX_KEY_FILE: files.emailIndexKey,
        BOOTSTRAP_FILE: files.bootstrap,
      };
    default:
      return {};
  }
}

function ledgerEnv({ immudb }: ServiceFiles): Record<string, string> {
  if (immudb === null) return {};
  const { url, publicKey, authorities, copyKey } = immudb;
  return {
    IMMUDB_URL_FILE: url,
    IMMUDB_PUBLIC_KEY_FILE: publicKey,
    IMMUDB_CA_FILE: authorities,
    AUDIT_COPY_KEY_FILE: copyKey,
  };
}
