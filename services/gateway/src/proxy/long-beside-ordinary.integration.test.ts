import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { problem, ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { expect, it } from 'vitest';
import { PASSWORD, startTestGateway, type TestGateway } from '../gateway.fixture.ts';

const ID = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
const FILE = ROUTES.getAuditExportFile.path.replace('{id}', ID);
const PLACES = 32;

/** Begins files and streams that have no end, and answers everything else at once. */
const audit: RequestListener = ({ url = '' }, response) => {
  const isLong = url.endsWith('/file') || url.endsWith('/stream');
  response.writeHead(200, { 'content-type': isLong ? 'application/octet-stream' : 'application/json' });
  if (isLong) response.write('begun');
  else response.end('{}');
};

/** A gateway in front of such an audit service. */
async function startPlace(): Promise<TestGateway> {
  await using parts = new AsyncDisposableStack();
  const server = createServer(audit).listen(0, '127.0.0.1');
  await once(server, 'listening');
  parts.defer(() => server.closeAllConnections());
  parts.defer(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const gateway = parts.use(await startTestGateway({ AUDIT_URL: `http://127.0.0.1:${port}` }));
  const owned = parts.move();
  return { ...gateway, [Symbol.asyncDispose]: async () => await owned.disposeAsync() };
}

/** Asks for long answers, and reads nothing of them. */
async function beginLong(gateway: TestGateway, token: string, paths: readonly string[]) {
  const leaving = new AbortController();
  const init = { headers: { authorization: `Bearer ${token}` }, signal: leaving.signal };
  const answers = await Promise.all(paths.map(async (path) => await gateway.send(path, init)));
  return { answers, leave: () => leaving.abort() };
}

/** The token of the first user of a new tenant. */
async function newTenant(gateway: TestGateway, root: string, name: string): Promise<string> {
  const admin = { email: `${name}@forge.test`, password: PASSWORD, displayName: name };
  const body = { name, plan: 'enterprise' as const, admin };
  expect((await gateway.ask(ROUTES.createTenant, { body }, root)).status).toBe(201);
  return await gateway.signIn(admin.email);
}

it('gives a tenant so many streams and files at once, and another when one was closed', async () => {
  await using gateway = await startPlace();
  const token = await gateway.signIn('admin@forge.test');
  const first = await beginLong(gateway, token, [ROUTES.streamAuditEntries.path]);
  const files = await beginLong(gateway, token, Array<string>(PLACES - 1).fill(FILE));
  expect([...first.answers, ...files.answers].map(({ status }) => status)).toEqual(Array(PLACES).fill(200));
  const { answers } = await beginLong(gateway, token, [FILE]);
  expect(answers[0]?.status).toBe(429);
  expect(answers[0]?.headers.get('retry-after')).toBe('10');
  expect(problem.parse(await answers[0]?.json()).code).toBe('too_many_streams');
  first.leave();
  const another = await waitUntil('a place', async () => {
    const asked = await beginLong(gateway, token, [FILE]);
    return asked.answers[0]?.status === 200 ? asked : null;
  });
  another.leave();
  files.leave();
});

it('answers ordinary calls while more streams and files go out than a service has connections for those', async () => {
  await using gateway = await startPlace();
  const root = await gateway.signIn('root@forge.test');
  const tokens = [];
  for (let n = 0; n < 9; n += 1) tokens.push(await newTenant(gateway, root, `tenant-${n}`));
  const paths = Array<string>(PLACES).fill(FILE);
  const all = await Promise.all(tokens.map(async (token) => await beginLong(gateway, token, paths)));
  expect(all.flatMap(({ answers }) => answers).every(({ status }) => status === 200)).toBe(true);
  expect((await gateway.ask(ROUTES.listAuditEntries, {}, tokens[0])).status).toBe(200);
  for (const { leave } of all) leave();
});
