import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { buildPage } from './build-page.ts';

it('docs/verify.html is what the sources give: `pnpm verify-page` writes it', async () => {
  const kept = readFileSync(new URL('../../../../../docs/verify.html', import.meta.url), 'utf8');
  const isUpToDate = (await buildPage()) === kept;
  expect(isUpToDate).toBe(true);
});

it('the page names nothing that a browser would fetch', async () => {
  const page = await buildPage();
  const [, policy = ''] = /Content-Security-Policy" content="([^"]+)"/.exec(page) ?? [];
  expect(policy.replaceAll(/sha256-[\w+/]{43}=/g, 'HASH')).toBe(
    "default-src 'none'; script-src 'HASH'; style-src 'HASH'; base-uri 'none'; form-action 'none'",
  );
  expect(page).not.toMatch(/<(?:link|img|iframe|object|embed|base)|\s(?:src|href)=|url\(|@import/);
});
