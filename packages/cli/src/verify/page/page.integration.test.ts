import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { present } from '@ironforge/kernel';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { witnessKey } from '../log.fixture.ts';
import { openChromium } from './chromium.fixture.ts';
import { auditor, FORGERIES, honest } from './forgeries.fixture.ts';
import { judge } from './judge.ts';

const FILE = new URL('../../../../../docs/verify.html', import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'ironforge-page-'));
const bundle = JSON.stringify(honest);
let browser: Browser | undefined;
let page: Page;
let asked: string[];

beforeAll(async () => {
  browser = await openChromium();
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  page = await present(browser, 'browser').newPage();
  asked = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('pageerror', (error) => asked.push(String(error)));
  await page.goto(FILE.href);
});

const sentence = () => page.locator('#sentence');
const lines = async () =>
  await Promise.all(
    (await page.locator('#parts tr').all()).map((row) => row.locator('td').allTextContents()),
  );

describe('docs/verify.html, opened from disk', () => {
  it('says what the command says, and asks nobody', async () => {
    await page.fill('#bundle', bundle);
    await page.fill('#key', auditor.key);
    await page.fill('#witness', witnessKey);
    await page.fill('#since', auditor.since);
    await page.fill('#immudb', auditor.immudb);
    const shown = judge({ bundle, witness: witnessKey, ...auditor });
    expect(await lines()).toEqual(
      'parts' in shown && shown.parts.map(({ name, state, text }) => [name, state, text]),
    );
    expect(await sentence().textContent()).toBe(shown.sentence);
    expect(await sentence().getAttribute('class')).toBe('proved');
    expect(asked).toEqual([FILE.href]);
  });

  it('refuses every forged bundle', async () => {
    await page.fill('#key', auditor.key);
    await page.fill('#since', auditor.since);
    await page.fill('#immudb', auditor.immudb);
    for (const [what, text] of FORGERIES) {
      await page.fill('#bundle', bundle);
      expect(await sentence().getAttribute('class')).toBe('proved');
      await page.fill('#bundle', text);
      expect({ what, state: await sentence().getAttribute('class') }).toEqual({ what, state: 'refused' });
    }
  });

  it('takes files that are chosen or dropped', async () => {
    await page.setInputFiles('#bundle-file', fileWith('bundle.json', bundle));
    await page.setInputFiles('#key-file', fileWith('audit.pub', `# ours\n${auditor.key}\n`));
    await expect.poll(() => sentence().getAttribute('class')).toBe('proved');
    const dropped = await page.evaluateHandle(`(() => {
      const given = new DataTransfer();
      given.items.add(new File(['no bundle'], 'bundle.json'));
      return given;
    })()`);
    await page.dispatchEvent('#bundle', 'drop', { dataTransfer: dropped });
    await expect.poll(() => sentence().getAttribute('class')).toBe('refused');
    expect(await page.inputValue('#bundle')).toBe('no bundle');
  });

  it('could not send anything, even if it wanted to', async () => {
    await using server = await countingServer();
    await page.evaluate(`fetch('${server.url}', { mode: 'no-cors' }).catch(() => undefined)`);
    await page.evaluate(`new Promise((done) => {
      const image = Object.assign(new Image(), { src: '${server.url}' });
      image.onload = image.onerror = done;
    })`);
    expect(server.hits()).toBe(0);
  });
});

function fileWith(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

async function countingServer() {
  let hits = 0;
  const server = createServer((_request, response) => {
    hits += 1;
    response.end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const close = async () => void server.close();
  return { url: `http://127.0.0.1:${port}/`, hits: () => hits, [Symbol.asyncDispose]: close };
}
