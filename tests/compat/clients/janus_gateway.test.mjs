// npm's janus-gateway (janus.js of today, which is newer than Debian's) works unchanged against the server, in a page:
// over WebSocket and over HTTP long polls.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';
import { inboundStreams, launchChromium } from '../../support/chromium.mjs';
import { sleep } from '../../support/process.mjs';
import { serveStatic } from '../../support/static_server.mjs';
import { startTarget } from '../../support/target.mjs';

// janus.js wants the global that this file makes.
const adapter = new URL('../out/adapter.js', import.meta.resolve('webrtc-adapter'));
const folder = dirname(fileURLToPath(import.meta.resolve('janus-gateway')));

let target;
let pages;
let chromium;

before(async () => {
  target = await startTarget();
  pages = await serveStatic(folder, {
    '/page.html': '<!doctype html><title>janus-gateway</title><script src="adapter.js"></script>',
    '/adapter.js': await readFile(adapter, 'utf8'),
  });
  chromium = await launchChromium();
});

after(async () => {
  await chromium?.close();
  await pages?.stop();
  await target?.stop();
});

/** In the page: a session, an EchoTest handle, an offer, an echo; the names of what happened. */
async function echo(server) {
  const { default: Janus } = await import('/janus.es.js');
  await new Promise((resolve) => Janus.init({ debug: ['error'], callback: resolve }));
  const seen = [];
  window.janus = await new Promise((success, error) => {
    const made = new Janus({ server, iceServers: [], success: () => success(made), error });
  });
  await new Promise((resolve, error) => {
    window.janus.attach({
      plugin: 'janus.plugin.echotest',
      success(handle) {
        window.handle = handle;
        handle.createOffer({
          tracks: [{ type: 'audio', capture: true, recv: true }, { type: 'video', capture: true, recv: true }],
          success: (jsep) => handle.send({ message: { audio: true, video: true }, jsep }),
          error,
        });
      },
      error,
      onmessage(message, jsep) {
        seen.push(message.result ?? message.error);
        if (jsep) {
          handle.handleRemoteJsep({ jsep });
        }
      },
      webrtcState: (up) => up && resolve(),
    });
  });
  return seen;
}

async function assertEchoes(server) {
  const page = await chromium.newPage();
  await page.goto(`${pages.url}/page.html`);
  assert.deepEqual(await page.evaluate(echo, server), ['ok']);
  for (let tries = 0; ; tries += 1) {
    const streams = await inboundStreams(page);
    if (streams.some((one) => one.framesDecoded > 10) && streams.some((one) => one.kind === 'audio' && one.packetsReceived > 50)) {
      break;
    }
    assert.ok(tries < 150, JSON.stringify(streams));
    await sleep(100);
  }
  await page.evaluate(() => new Promise((success) => window.handle.detach({ success })));
  await page.evaluate(() => new Promise((success) => window.janus.destroy({ success })));
  assert.deepEqual(page.messages.filter((text) => text.startsWith('pageerror')), []);
  await page.context().close();
}

test('over WebSocket', { timeout: 45_000 }, () => assertEchoes(target.websocketUrl));
test('over HTTP long polls', { timeout: 45_000 }, () => assertEchoes(target.apiUrl));

test('after a broken connection reconnect() claims the session', { timeout: 45_000 }, async () => {
  const page = await chromium.newPage();
  await page.addInitScript(() => {
    const Original = window.WebSocket;
    window.WebSocket = class extends Original {
      constructor(...args) {
        super(...args);
        window.lastSocket = this;
      }
    };
  });
  await page.goto(`${pages.url}/page.html`);
  await page.evaluate(echo, target.websocketUrl);
  const session = await page.evaluate(() => window.janus.getSessionId());
  await page.evaluate(() => window.lastSocket.close());
  await page.waitForFunction(() => !window.janus.isConnected());
  await page.evaluate(() => new Promise((success, error) => window.janus.reconnect({ success, error })));
  assert.equal(await page.evaluate(() => window.janus.getSessionId()), session);
  const before = (await inboundStreams(page)).reduce((sum, one) => sum + one.packetsReceived, 0);
  await sleep(500);
  const later = (await inboundStreams(page)).reduce((sum, one) => sum + one.packetsReceived, 0);
  assert.ok(later > before, 'media goes on');
  await page.context().close();
});
