import { once } from 'node:events';
import { createServer } from 'node:http';

/** The tenant of everybody whom a played identity knows. */
export const TENANT = '00000000-0000-4000-8000-0000000000ff';
const USER = '00000000-0000-4000-8000-000000000001';
const NOW = '2026-01-01T00:00:00.000Z';

/** How a sign-in is refused, by the e-mail of whoever asks; nobody else is refused. */
export type Refusals = Readonly<Record<string, Refusal>>;

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly title: string;
}

/** Sign-in, new keys and `GET /v1/me` over real HTTP: a token is an e-mail, a key begins with `ifk_`, and one that is `dead` is refused. */
export async function startIdentity(refusals: Refusals) {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (piece) => (body += String(piece)));
    request.once('end', () => {
      const said = answer({ path: request.url ?? '', bearer: request.headers.authorization, body }, refusals);
      response.setHeader('content-type', 'application/json');
      response.writeHead(said.status).end(JSON.stringify(said.body));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('an HTTP server has a port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}

interface Asked {
  readonly path: string;
  readonly bearer: string | undefined;
  readonly body: string;
}

function answer({ path, bearer = '', body }: Asked, refusals: Refusals) {
  const email = /"email":"([^"]+)"/.exec(body)?.[1] ?? '';
  const refusal = bearer.endsWith('dead') ? DEAD : refusals[email];
  if (refusal !== undefined) return { status: refusal.status, body: problem(refusal, path) };
  if (path === '/v1/me') return { status: 200, body: ME };
  if (path === '/v1/auth/login') return { status: 200, body: { ...TOKENS, accessToken: email } };
  return { status: 201, body: { ...KEY, key: `ifk_${bearer.replace('Bearer ', '')}` } };
}

function problem(refusal: Refusal, instance: string): object {
  return {
    ...refusal,
    type: `/problems/${refusal.code}`,
    detail: '',
    instance,
    requestId: 'played',
    errors: [],
  };
}

const DEAD = { status: 401, code: 'unauthenticated', title: 'No valid key' };
const ME = { id: USER, tenantId: TENANT, email: 'a@b.example', displayName: 'A', roles: [], permissions: [] };
const TOKENS = { tokenType: 'Bearer', expiresIn: 60, refreshToken: 'r' };
const KEY = {
  id: USER,
  userId: USER,
  name: 'local',
  permissions: null,
  expiresAt: null,
  allowedIps: null,
  lastUsedAt: null,
  createdAt: NOW,
};
