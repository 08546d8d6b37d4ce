// Debian's demo pages that send something else than a camera: mvideoroom (all feeds on one connection), a shared
// screen, a canvas, filtered sound, and frames that only the clients can read.
import { after, before, test } from 'node:test';
import {
  assertAllFound,
  assertCalm,
  assertPlaying,
  assertSound,
  closeAll,
  startDemos,
} from './support.mjs';

let run;

before(async () => {
  run = await startDemos();
});

after(() => run?.close());

test(
  'mvideoroom: each of two tabs sees the other on its one connection',
  { timeout: 60_000 },
  async () => {
    const pages = [];
    for (const name of ['Ann', 'Bea']) {
      const page = await run.open('mvideoroomtest.html');
      pages.push(page);
      await page.fill('#username', name);
      await page.click('#register');
      await page.locator('#videolocal video').waitFor();
    }
    const [ann, bea] = pages;
    for (const page of pages) {
      await page.locator('#videoremote1 video').waitFor();
      await assertPlaying(page, 1);
      await assertCalm(page);
    }
    await bea.click('#start');
    await ann.locator('#videoremote1 video').waitFor({ state: 'detached' });
    await assertCalm(ann);
    await closeAll(pages);
  },
);

test(
  'screensharing: one tab shares its screen in a new room, another watches',
  { timeout: 60_000 },
  async () => {
    const sharer = await run.open('screensharingtest.html');
    await sharer.fill('#desc', 'My screen');
    await sharer.click('#create');
    // The page tells the number of the room to pass on.
    await sharer.locator('#screencapture video').waitFor();
    await sharer.locator('.bootbox .btn-primary').click();
    const room = await sharer.locator('#session').innerText();
    const watcher = await run.open('screensharingtest.html');
    await watcher.fill('#roomid', room);
    await watcher.click('#join');
    // The page adds the video again when the track falls silent and comes back.
    await watcher.locator('#screencapture video').first().waitFor();
    // A still page makes few frames.
    await assertPlaying(watcher, 1, 1);
    // A picture whose play() was cut short by the next one rejects without a word.
    await assertCalm(watcher, { known: /^$/ });
    await closeAll([sharer, watcher]);
  },
);

test('canvas: the drawn picture comes back', { timeout: 60_000 }, async () => {
  const page = await run.open('canvas.html');
  await page.locator('#videoright video').waitFor();
  await assertPlaying(page, 1);
  await assertCalm(page);
  await closeAll([page]);
});

test('webaudio: the filtered sound comes back', { timeout: 60_000 }, async () => {
  const page = await run.open('webaudio.html');
  await assertSound(page);
  await assertCalm(page);
  await closeAll([page]);
});

test('e2etest: frames pass that only the client can read', { timeout: 60_000 }, async () => {
  const page = await run.open('e2etest.html');
  await page.fill('.bootbox-input', 'secret');
  await page.locator('.bootbox .btn-primary').click();
  await page.locator('#videoright video').waitFor();
  await assertPlaying(page, 1);
  // The page reads the first byte of empty frames.
  await assertCalm(page, { known: /^RangeError: Offset is outside the bounds of the DataView/ });
  await closeAll([page]);
});

test('the demo pages find every file that they ask for', () => assertAllFound(run.demos));
