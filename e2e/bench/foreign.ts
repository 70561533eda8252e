import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { present } from '../world/present.ts';

const NOBODY = '00000000-0000-4000-8000-000000000000';

/**
 * Describes an installation that runs somewhere by its address, its node and IRONFORGE_API_KEY (of a super_admin), in the
 * file that everything here reads; disposing removes the file, which holds the key. What has no address there is not measured.
 */
export async function describeForeign({
  url,
  rpc,
}: {
  readonly url: string;
  readonly rpc: string;
}): Promise<AsyncDisposable> {
  const apiKey = present(process.env['IRONFORGE_API_KEY'], "IRONFORGE_API_KEY, a super_admin's key");
  present(process.env['BENCH_FUNDER_KEY'], 'BENCH_FUNDER_KEY, the key of an account that pays on its chain');
  const chain = { chainId: `eip155:${await chainNumber(rpc)}`, kind: 'evm', rpcUrl: rpc, faucet: null };
  const user = { id: NOBODY, email: '', password: '', roles: ['super_admin'], apiKey };
  const none = { databaseUrl: '', amqpUrl: '', amqpManagementUrl: '', redisUrl: '', services: [] };
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const file = join(folder, 'environment.json');
  const environment = { gatewayUrl: url, tenantId: NOBODY, users: [user], chains: [chain], ...none };
  writeFileSync(file, JSON.stringify(environment), { mode: 0o600 });
  process.env['IRONFORGE_ENV_FILE'] = file;
  return { [Symbol.asyncDispose]: async () => rmSync(folder, { recursive: true }) };
}

async function chainNumber(rpc: string): Promise<bigint> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] });
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(rpc, { method: 'POST', headers, body });
  return BigInt(z.object({ result: z.string() }).parse(await response.json()).result);
}
