// The page of the REST API in a browser: from the server's own document, and from no other host.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchChromium } from '../support/chromium.mjs';
import { startServer } from '../support/server.mjs';

let server;
let chromium;

before(async () => {
  server = await startServer();
  chromium = await launchChromium();
});
after(async () => {
  await chromium?.close();
  await server?.stop();
});

test('API-05 /docs shows every operation and asks no other host', { timeout: 60_000 }, async () => {
  const page = await chromium.newPage();
  const hosts = new Set();
  page.on('request', (request) => hosts.add(new URL(request.url()).origin));
  await page.goto(`${server.httpUrl}/docs`);
  await page.getByText('How the server and its parts are').first().waitFor();
  const document = await (await fetch(`${server.httpUrl}/api/v1/openapi.json`)).json();
  const operations = Object.values(document.paths).flatMap(Object.values);
  assert.equal(await page.locator('.opblock').count(), operations.length);
  assert.deepEqual(
    [...hosts].filter((host) => host !== 'null'),
    [server.httpUrl],
  );
  assert.deepEqual(
    page.messages.filter((message) => /^(error|pageerror)/.test(message)),
    [],
  );
});

test('[http] docs = no hides the page', async () => {
  const other = await startServer({ env: { CARDEA_HTTP_DOCS: 'no' } });
  try {
    assert.equal((await fetch(`${other.httpUrl}/docs`)).status, 404);
    assert.equal((await fetch(`${other.httpUrl}/`)).status, 200);
  } finally {
    await other.stop();
  }
});
