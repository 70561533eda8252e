import { ROUTES, type Route } from '@ironforge/contracts';
import { z } from 'zod';
import { type Html, html } from './html.ts';
import { page } from './page.ts';

/** The reference of the HTTP API, written from the same routes as the OpenAPI document. */
export function referencePage(): string {
  const routes = Object.entries<Route>(ROUTES);
  const services = [...Map.groupBy(routes, ([, route]) => route.service)];
  return page(
    'IronForge API',
    html`<h1>IronForge API</h1>
<p>Amounts are decimal strings in base units, chains CAIP-2, assets CAIP-19, times RFC 3339 in UTC. Send
<code>Authorization: Bearer</code> with an access token or an API key. Every refusal is
<code>application/problem+json</code> with a stable <a href="/errors">code</a>. For tools:
<a href="/v1/openapi.json">OpenAPI 3.1</a>, and of the messages between services
<a href="/v1/asyncapi.json">AsyncAPI 3.0</a>.</p>
<nav><ul>${routes.map(link)}</ul></nav>
${services.map(([service, ofService]) => html`<h2>${service}</h2>${ofService.map(article)}`)}`,
  );
}

function link([id, route]: [string, Route]): Html {
  return html`<li><a href="#${id}"><code>${route.method} ${route.path}</code></a></li>`;
}

function article([id, route]: [string, Route]): Html {
  return html`<article id="${id}">
<h3><code>${route.method} ${route.path}</code></h3>
<p>${route.summary}. ${accessText(route)}${KEY_TEXTS[route.idempotency]}</p>
${schema('Query', route.query)}${schema('Body', route.body)}${schema(`Answer ${route.status}`, route.reply)}
<p>${route.errors.map((code) => html`<a href="/errors/${code}"><code>${code}</code></a> `)}</p>
</article>`;
}

const KEY_TEXTS = {
  required: ' Needs an Idempotency-Key.',
  optional: ' Takes an Idempotency-Key.',
  none: '',
} as const;

function accessText({ access }: Route): string {
  if (access === 'public') return 'Open to everybody.';
  return access === 'authenticated' ? 'Open to everybody signed in.' : `Needs the permission ${access}.`;
}

function schema(title: string, type: z.ZodType): Html {
  const { $schema: _dialect, ...json } = z.toJSONSchema(type, { unrepresentable: 'any', io: 'input' });
  if (json.type === 'object' && Object.keys(json.properties ?? {}).length === 0) return html``;
  return html`<details><summary>${title}</summary><pre>${JSON.stringify(json, null, 2)}</pre></details>`;
}
