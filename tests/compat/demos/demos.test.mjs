// Debian's demo pages (package janus-demos), served unchanged but for settings.js, work against the server.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { inboundStreams, launchChromium } from '../../support/chromium.mjs';
import { sleep } from '../../support/process.mjs';
import { serveStatic } from '../../support/static_server.mjs';
import { startTarget } from '../../support/target.mjs';

const demosFolder = '/usr/share/janus/demos';
const people = ['Ann', 'Bea', 'Cleo'];
// Three tabs on a small machine encode and decode nine pictures, so this is modest.
const framesWanted = 20;
const watchedMs = 5000;

let target;
let demos;
let chromium;

before(async () => {
  assert.ok(existsSync(demosFolder), 'the package janus-demos is not installed');
  target = await startTarget();
  const settings = `var server = ${JSON.stringify(target.websocketUrl)};
var iceServers = null;
var token = undefined;
var apisecret = undefined;
`;
  demos = await serveStatic(demosFolder, { '/settings.js': settings });
  chromium = await launchChromium();
});

after(async () => {
  await chromium?.close();
  await demos?.stop();
  await target?.stop();
});

/** Opens a demo page and presses its start button. */
async function openDemo(name) {
  const page = await chromium.newPage({ viewport: { width: 1280, height: 1000 } });
  await page.goto(`${demos.url}/${name}`);
  await page.waitForFunction(() => window.Janus?.initDone === true);
  await page.click('#start');
  return page;
}

async function closeAll(pages) {
  await Promise.all(pages.map((page) => page.context().close()));
}

/** The page's videos that come from the server, with the frames decoded for each. */
async function videoFrames(page) {
  const streams = await inboundStreams(page);
  return streams.filter((stream) => stream.kind === 'video').map((stream) => stream.framesDecoded);
}

/** Fails with what the page said, if it shows an alert (the demos' way to report errors) or threw something. */
async function assertCalm(page) {
  const said = `the page's console:\n${page.messages.slice(-40).join('\n')}`;
  const alerts = await page.locator('.bootbox-body').allInnerTexts();
  assert.deepEqual(alerts, [], said);
  const thrown = page.messages.filter((text) => text.startsWith('pageerror'));
  assert.deepEqual(thrown, [], said);
}

/** Waits until `count` videos play, and checks that each of them goes on. */
async function assertPlaying(page, count) {
  for (let tries = 0; ; tries += 1) {
    const playing = (await videoFrames(page)).filter((frames) => frames > 0).length;
    if (playing >= count) {
      break;
    }
    if (tries === 150) {
      await assertCalm(page);
      assert.fail(
        `${playing} of ${count} videos play; console:\n${page.messages.slice(-40).join('\n')}`,
      );
    }
    await sleep(100);
  }
  const start = await videoFrames(page);
  await sleep(watchedMs);
  const end = await videoFrames(page);
  assert.equal(end.length, count);
  const grown = end.map((frames, index) => frames - (start[index] ?? 0));
  assert.ok(
    grown.every((frames) => frames > framesWanted),
    `frames decoded in ${watchedMs} ms: ${grown}`,
  );
}

test('echotest: the own picture and sound come back', { timeout: 60_000 }, async () => {
  const page = await openDemo('echotest.html');
  await page.locator('#videoright video').waitFor();
  await assertPlaying(page, 1);
  const audio = (await inboundStreams(page)).filter((stream) => stream.kind === 'audio');
  assert.equal(audio.length, 1);
  assert.ok(audio[0].totalAudioEnergy > 0, 'the sound does not come back');
  await page.click('#toggleaudio');
  await page.getByText('Enable audio').waitFor();
  await assertCalm(page);
  await page.click('#start');
  await closeAll([page]);
});

test(
  'videoroom: each of three tabs sees the two others, until one leaves',
  { timeout: 120_000 },
  async () => {
    const pages = [];
    for (const name of people) {
      const page = await openDemo('videoroomtest.html');
      pages.push(page);
      await page.fill('#username', name);
      await page.click('#register');
      await page.locator('#videolocal video').waitFor();
    }
    for (const [index, page] of pages.entries()) {
      const others = people.filter((_, other) => other !== index);
      for (const other of others) {
        await page
          .locator('.panel-title .label', { hasText: other })
          .filter({ visible: true })
          .waitFor();
      }
      await assertPlaying(page, others.length);
      await assertCalm(page);
    }
    const [ann, bea, cleo] = pages;
    await cleo.click('#start');
    for (const page of [ann, bea]) {
      await page
        .locator('.panel-title .label', { hasText: 'Cleo' })
        .filter({ visible: true })
        .waitFor({
          state: 'detached',
        });
      await assertPlaying(page, 1);
      await assertCalm(page);
    }
    await closeAll(pages);
  },
);

test('the demo pages find every file that they ask for', () => {
  assert.deepEqual(demos.missing, []);
});
