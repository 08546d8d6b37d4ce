// Two browser windows meet in a room on the page that the server itself serves.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { inboundStreams, inboundTotal, launchChromium } from '../support/chromium.mjs';
import { sleep } from '../support/process.mjs';
import { startTarget } from '../support/target.mjs';
import { joinRoom, otherTiles, tileOf } from './page.mjs';

const watchedMs = 10_000;
const framesWanted = 100;

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

async function meet(room) {
  const ann = await chromium.newPage();
  const bea = await chromium.newPage();
  await joinRoom(ann, target.pageUrl, room, 'Ann');
  await joinRoom(bea, target.pageUrl, room, 'Bea');
  await tileOf(ann, 'Bea').waitFor();
  await tileOf(bea, 'Ann').waitFor();
  return { ann, bea, close: () => Promise.all([ann.context().close(), bea.context().close()]) };
}

/** Waits until pictures arrive at all. */
async function firstFrame(page) {
  for (let tries = 0; tries < 100; tries += 1) {
    if ((await inboundTotal(page, 'video', 'framesDecoded')) > 0) {
      return;
    }
    await sleep(100);
  }
  assert.fail(`no picture within 10 s; the page says:\n${page.messages.join('\n')}`);
}

async function received(page) {
  return {
    frames: await inboundTotal(page, 'video', 'framesDecoded'),
    energy: await inboundTotal(page, 'audio', 'totalAudioEnergy'),
  };
}

test('two windows see and hear each other', { timeout: 90_000 }, async () => {
  const { ann, bea, close } = await meet('first light');
  await Promise.all([firstFrame(ann), firstFrame(bea)]);
  const start = [await received(ann), await received(bea)];
  await sleep(watchedMs);
  const end = [await received(ann), await received(bea)];
  for (const [index, page] of [ann, bea].entries()) {
    const frames = end[index].frames - start[index].frames;
    const energy = end[index].energy - start[index].energy;
    const streams = JSON.stringify(await inboundStreams(page));
    assert.ok(frames > framesWanted, `page ${index} decoded ${frames} frames in 10 s: ${streams}`);
    assert.ok(energy > 0, `page ${index} heard nothing (energy grew by ${energy}): ${streams}`);
  }
  for (const page of [ann, bea]) {
    const shown = await otherTiles(page)
      .locator('video')
      .evaluate((video) => video.videoWidth);
    assert.ok(shown > 0, 'the tile shows no picture');
    assert.equal(await page.locator('.status').innerText(), '', 'the page reports a problem');
    assert.deepEqual(
      page.messages.filter((text) => text.startsWith('pageerror')),
      [],
    );
  }
  await close();
});

test(
  'a muted microphone and camera stop at the other side, and come back',
  { timeout: 90_000 },
  async () => {
    const { ann, bea, close } = await meet('mute');
    await firstFrame(bea);
    await ann.getByRole('button', { name: 'Mute microphone' }).click();
    await ann.getByRole('button', { name: 'Turn camera off' }).click();
    await bea
      .getByRole('article', { name: 'Ann, microphone off, camera off' })
      .waitFor({ timeout: 10_000 });
    await sleep(500);
    const silent = await received(bea);
    await sleep(2000);
    assert.deepEqual(await received(bea), silent, 'media of a muted person still arrives');
    await ann.getByRole('button', { name: 'Unmute microphone' }).click();
    await ann.getByRole('button', { name: 'Turn camera on' }).click();
    await bea.getByRole('article', { name: 'Ann', exact: true }).waitFor({ timeout: 10_000 });
    for (let tries = 0; (await received(bea)).frames <= silent.frames; tries += 1) {
      assert.ok(tries < 50, 'the picture did not come back within 5 s');
      await sleep(100);
    }
    await close();
  },
);

test(
  'who leaves or closes the window disappears from the other window',
  { timeout: 90_000 },
  async () => {
    const { ann, bea, close } = await meet('leave');
    const cleo = await chromium.newPage();
    await joinRoom(cleo, target.pageUrl, 'leave', 'Cleo');
    await tileOf(ann, 'Cleo').waitFor();
    await bea.getByRole('button', { name: 'Leave' }).click();
    await bea.getByText('You have left leave.').waitFor();
    await tileOf(ann, 'Bea').waitFor({ state: 'detached' });
    await cleo.close({ runBeforeUnload: false });
    await tileOf(ann, 'Cleo').waitFor({ state: 'detached' });
    assert.equal(await otherTiles(ann).count(), 0);
    await cleo.context().close();
    await close();
  },
);
