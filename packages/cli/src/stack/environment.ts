import type { Home } from '../home.ts';
import { readSecrets } from '../secrets.ts';
import { listedUsers } from './listed-users.ts';
import { isHeld } from '../supervisor/hold.ts';
import { type ChainPlace, type PartState, readState } from '../supervisor/state-file.ts';
import { trouble } from '../trouble.ts';
import { auditKeysOf } from './audit-key.ts';
import { developmentFaucet, faucetOf, localChain } from './local-chain.ts';

/** How the running installation is reached, secrets included, in the shape scripts and tests rely on; null is what does not exist. */
export async function environmentOf(home: Home): Promise<object> {
  const state = readState(home);
  const isReady = state?.phase === 'ready' && (await isHeld(home));
  if (!isReady || state.connection === null) {
    throw trouble('not_running', 'IronForge is not running: start it with ./ironforge up --detach');
  }
  const { connection, parts } = state;
  const chain = await localChain({ rpcUrl: connection.ethereumRpcUrl, wsUrl: connection.ethereumWsUrl });
  return {
    gatewayUrl: connection.gatewayUrl,
    consoleUrl: null,
    tenantId: connection.tenantId,
    users: listedUsers(readSecrets(home), connection.usersLeftOut),
    usersLeftOut: connection.usersLeftOut,
    chains: [
      {
        chainId: chain.chainId,
        kind: chain.kind,
        rpcUrl: connection.ethereumRpcUrl,
        ...(connection.ethereumWsUrl === null ? {} : { wsUrl: connection.ethereumWsUrl }),
        faucet: faucetOf(chain.chainId),
      },
      ...connection.furtherChains.map(further),
    ],
    databaseUrl: connection.databaseUrl,
    amqpUrl: connection.amqpUrl,
    amqpManagementUrl: connection.amqpManagementUrl,
    redisUrl: connection.redisUrl,
    immudb: connection.immudb,
    services: parts
      .filter(({ kind }) => kind === 'service')
      .map((part) => ({ ...processOf(part), url: part.url })),
    servers: parts.filter(({ kind }) => kind === 'server').map(processOf),
    ...auditKeys(home, connection.tenantId),
  };
}

function auditKeys(home: Home, tenantId: string | null): object {
  const [auditPublicKey = null, ...auditEarlierPublicKeys] =
    tenantId === null ? [] : auditKeysOf(home, tenantId);
  return { auditPublicKey, auditEarlierPublicKeys };
}

function further({ chainId, rpcUrl, wsUrl, isOurs }: ChainPlace): object {
  return {
    chainId,
    kind: 'evm',
    rpcUrl,
    ...(wsUrl === null ? {} : { wsUrl }),
    faucet: isOurs ? developmentFaucet() : null,
  };
}

function processOf({ name, identity, restarts, logFile }: PartState): object {
  return { name, pid: identity?.pid ?? null, restarts, logFile };
}
