// What a user sees when something is wrong: sentences, and a way on.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { inboundTotal, launchChromium } from '../support/chromium.mjs';
import { freePorts, sleep } from '../support/process.mjs';
import { startTarget } from '../support/target.mjs';
import { startTcpProxy } from '../support/tcp_proxy.mjs';
import { joinRoom, otherTiles, tileOf } from './page.mjs';

let target;
let chromium;

before(async () => {
  target = await startTarget();
  chromium = await launchChromium();
});

after(async () => {
  await chromium?.close();
  await target?.stop();
});

test(
  'a blocked camera is told in words, and one can join all the same',
  { timeout: 60_000 },
  async () => {
    const strict = await launchChromium({ allowDevices: false });
    try {
      const ann = await chromium.newPage();
      await joinRoom(ann, target.pageUrl, 'blocked', 'Ann');
      const bea = await strict.newPage();
      await bea.goto(`${target.pageUrl}/?room=blocked`);
      await bea.getByText('Camera and microphone are blocked.').waitFor();
      await bea.getByLabel('Your name').fill('Bea');
      await bea.getByRole('button', { name: 'Join' }).click();
      await tileOf(bea, 'Ann').waitFor();
      const video = tileOf(bea, 'Ann').locator('video');
      await bea.waitForFunction((element) => element.videoWidth > 0, await video.elementHandle());
      await ann.context().close();
    } finally {
      await strict.close();
    }
  },
);

test(
  'a server that cannot be reached is told in words, and the lobby stays',
  { timeout: 60_000 },
  async () => {
    const [unused] = await freePorts(1);
    const page = await chromium.newPage();
    await page.goto(`${target.pageUrl}/?room=nowhere&ws=ws://127.0.0.1:${unused}`);
    await page.getByRole('button', { name: 'Join' }).click();
    await page.getByText('The server cannot be reached.').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Join' }).isEnabled(), true);
    await page.context().close();
  },
);

test(
  'a cut connection is told, mended, and what was missed meanwhile is made up',
  { timeout: 90_000 },
  async () => {
    const proxy = await startTcpProxy(target.websocketUrl);
    try {
      const [ann, bea, cleo] = [
        await chromium.newPage(),
        await chromium.newPage(),
        await chromium.newPage(),
      ];
      await joinRoom(bea, target.pageUrl, 'cut', 'Bea');
      await joinRoom(ann, target.pageUrl, 'cut', 'Ann', { ws: `ws://127.0.0.1:${proxy.port}` });
      await tileOf(ann, 'Bea').waitFor();
      proxy.cut();
      await ann.getByText('Connection lost.').waitFor();
      await bea.getByRole('button', { name: 'Leave' }).click();
      await joinRoom(cleo, target.pageUrl, 'cut', 'Cleo');
      await tileOf(cleo, 'Ann').waitFor();
      proxy.mend();
      await tileOf(ann, 'Cleo').waitFor();
      await tileOf(ann, 'Bea').waitFor({ state: 'detached' });
      assert.equal(await ann.locator('.status').innerText(), '');
      assert.equal(await otherTiles(ann).count(), 1);
      const before = await inboundTotal(cleo, 'video', 'framesDecoded');
      await sleep(2000);
      const after = await inboundTotal(cleo, 'video', 'framesDecoded');
      assert.ok(after > before, 'the picture of the one who was cut off stands still');
      await Promise.all([ann, bea, cleo].map((page) => page.context().close()));
    } finally {
      await proxy.stop();
    }
  },
);

test('the page needs no inline script and no inline style', { timeout: 60_000 }, async () => {
  // Answers made by the test come from no address at all, so Chromium would let them reach no local server.
  const lenient = await launchChromium({ args: ['--disable-features=LocalNetworkAccessChecks'] });
  try {
    const page = await lenient.newPage();
    await page.route('**/*', async (route) => {
      const response = await route.fetch();
      const policy = "default-src 'self'; connect-src *; media-src 'self' mediastream:";
      const headers = { ...response.headers(), 'content-security-policy': policy };
      await route.fulfill({ response, headers });
    });
    await joinRoom(page, target.pageUrl, 'strict', 'Ann');
    assert.deepEqual(
      page.messages.filter((text) => text.includes('Content Security Policy')),
      [],
    );
  } finally {
    await lenient.close();
  }
});
