import { keepSecrets } from '../secrets.ts';
import type { Connection } from '../supervisor/state-file.ts';
import { openAccounts } from './accounts.ts';
import { configOf } from './further-chains.ts';
import { localChain } from './local-chain.ts';
import { writeServiceFiles } from './service-files.ts';
import { serviceProgram, serviceUrl } from './service-program.ts';
import { SERVICES } from './services.ts';
import type { StartedParts, Surroundings } from './start-parts.ts';

/** Starts every service on the parts, makes the development users, and gives the connection with both. */
export async function startServices(surroundings: Surroundings, parts: StartedParts): Promise<Connection> {
  const { context, ports, secrets, chains, supervisor, record } = surroundings;
  const { connection, serviceDatabaseUrl } = parts;
  const chain = await localChain({ rpcUrl: connection.ethereumRpcUrl, wsUrl: connection.ethereumWsUrl });
  const further = chains.map((one) => configOf(one, connection.furtherChains));
  const { immudb } = connection;
  const files = writeServiceFiles(context.home, { secrets, chains: [chain, ...further], immudb });
  const around = {
    home: context.home,
    env: context.env,
    ports,
    files,
    databaseUrl: serviceDatabaseUrl,
    amqpUrl: connection.amqpUrl,
    amqpManagementUrl: connection.amqpManagementUrl,
    redisUrl: connection.redisUrl,
  };
  await supervisor.start(SERVICES.map((service) => serviceProgram(service, around)));
  record.say('Making the development users');
  const gatewayUrl = serviceUrl(ports, 'gateway');
  const { tenantId, accounts, leftOut } = await openAccounts(gatewayUrl, secrets);
  keepSecrets(context.home, { ...secrets, accounts });
  for (const { email, reason } of leftOut)
    record.say(`Warning: ${email} is left out; its kept key is refused, and so is its password: ${reason}`);
  const whole = { ...connection, gatewayUrl, tenantId, usersLeftOut: [...leftOut] };
  record.change({ phase: 'ready', connection: whole });
  return whole;
}
