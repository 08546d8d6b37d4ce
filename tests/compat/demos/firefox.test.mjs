// Debian's demo pages echotest and videoroom work in Firefox too.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { inboundStreams } from '../../support/chromium.mjs';
import { launchFirefox } from '../../support/firefox.mjs';
import { createNamespace } from '../../support/netns.mjs';
import { sleep } from '../../support/process.mjs';
import { startTarget } from '../../support/target.mjs';
import { serveDemos } from './support.mjs';

let namespace;
let target;
let demos;
let firefox;

before(async () => {
  // Firefox pairs no candidate of its own with one on 127.0.0.1.
  namespace = process.env.CARDEA_TEST_TARGET === 'janus' ? undefined : await createNamespace();
  target = await startTarget({ within: namespace });
  demos = await serveDemos(target);
  firefox = await launchFirefox();
});

after(async () => {
  await firefox?.close();
  await demos?.stop();
  await target?.stop();
  await namespace?.remove();
});

async function open(name) {
  const page = await firefox.newPage();
  await page.goto(`${demos.url}/${name}`);
  await page.waitForFunction(() => window.Janus?.initDone === true);
  await page.click('#start');
  return page;
}

/** Waits until so many videos play and sound has come. */
async function assertPlays(page, videos) {
  for (let tries = 0; ; tries += 1) {
    const streams = await inboundStreams(page);
    const playing = streams.filter(
      ({ kind, framesDecoded }) => kind === 'video' && framesDecoded > 10,
    );
    const heard = streams.filter(
      ({ kind, packetsReceived }) => kind === 'audio' && packetsReceived > 50,
    );
    if (playing.length === videos && heard.length === videos) {
      return;
    }
    if (tries === 200) {
      const said = page.messages.slice(-30).join('\n');
      assert.fail(
        `${playing.length} videos play, ${heard.length} are heard of ${videos}; console:\n${said}`,
      );
    }
    await sleep(100);
  }
}

async function assertCalm(page) {
  assert.deepEqual(
    await page.$$eval('.bootbox-body', (all) => all.map((one) => one.innerText)),
    [],
  );
  assert.deepEqual(
    page.messages.filter((text) => text.startsWith('pageerror')),
    [],
  );
}

test('echotest: the own picture and sound come back', { timeout: 60_000 }, async () => {
  const page = await open('echotest.html');
  await assertPlays(page, 1);
  await assertCalm(page);
  await page.close();
});

test('videoroom: each of two tabs sees and hears the other', { timeout: 60_000 }, async () => {
  const pages = [];
  for (const name of ['Ann', 'Bea']) {
    const page = await open('videoroomtest.html');
    pages.push(page);
    await page.waitForSelector('#username', { visible: true });
    await page.type('#username', name);
    await page.click('#register');
    await page.waitForSelector('#videolocal video');
  }
  for (const page of pages) {
    await assertPlays(page, 1);
    await assertCalm(page);
  }
});
