import { ERRORS, type ErrorCode, isErrorCode } from '@ironforge/contracts';
import { html } from './html.ts';
import { page } from './page.ts';

/** What a problem's `type` leads to; null for a code that does not exist. */
export function errorPage(code: string): string | null {
  if (!isErrorCode(code)) return null;
  const { status, title } = ERRORS[code];
  return page(
    code,
    html`<h1><code>${code}</code></h1><p>${title}.</p><p>HTTP status ${status}. <a href="/errors">All codes</a></p>`,
  );
}

/** Every code with its status and meaning. */
export function errorList(): string {
  const codes = Object.keys(ERRORS).filter(isErrorCode).toSorted();
  return page(
    'Error codes',
    html`<h1>Error codes</h1><table><tr><th>code</th><th>status</th><th>meaning</th></tr>${codes.map(row)}</table>`,
  );
}

function row(code: ErrorCode) {
  const { status, title } = ERRORS[code];
  return html`<tr><td><a href="/errors/${code}"><code>${code}</code></a></td><td>${status}</td><td>${title}</td></tr>`;
}
