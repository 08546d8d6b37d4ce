// Debian's demo pages echotest and videoroom work against the server, over WebSocket and over HTTP long polls.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { inboundStreams } from '../../support/chromium.mjs';
import {
  assertAllFound,
  assertCalm,
  assertPlaying,
  closeAll,
  serveDemos,
  startDemos,
} from './support.mjs';

const people = ['Ann', 'Bea', 'Cleo'];

let run;

before(async () => {
  run = await startDemos();
});

after(() => run?.close());

async function echoes(page) {
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
}

test('echotest: the own picture and sound come back', { timeout: 60_000 }, async () => {
  await echoes(await run.open('echotest.html'));
});

test('echotest over HTTP long polls works as well', { timeout: 60_000 }, async () => {
  const demos = await serveDemos(run.target, run.target.apiUrl);
  try {
    const page = await run.chromium.newPage({ viewport: { width: 1280, height: 1000 } });
    await page.goto(`${demos.url}/echotest.html`);
    await page.waitForFunction(() => window.Janus?.initDone === true);
    await page.click('#start');
    await echoes(page);
  } finally {
    await demos.stop();
  }
});

test(
  'videoroom: each of three tabs sees the two others, until one leaves',
  { timeout: 120_000 },
  async () => {
    const pages = [];
    for (const name of people) {
      const page = await run.open('videoroomtest.html');
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

test('the demo pages find every file that they ask for', () => assertAllFound(run.demos));
