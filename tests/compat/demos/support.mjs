// What the tests of Debian's demo pages (package janus-demos) share: the pages, served unchanged but for the
// addresses of the server, and looks at what plays in them.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { inboundStreams, launchChromium } from '../../support/chromium.mjs';
import { sleep } from '../../support/process.mjs';
import { serveStatic } from '../../support/static_server.mjs';
import { startTarget } from '../../support/target.mjs';

const demosFolder = '/usr/share/janus/demos';
// Several tabs on a small machine encode and decode many pictures, so this is modest.
const framesWanted = 20;
const watchedMs = 5000;

/** Serves the demo pages for the server at `api` (ws:// or http://). */
export function serveDemos(target, api = target.websocketUrl) {
  assert.ok(existsSync(demosFolder), 'the package janus-demos is not installed');
  // Debian's own settings.js leaves token and apisecret undefined, which every page throws at.
  const settings = `var server = ${JSON.stringify(api)};
var iceServers = null;
var token = undefined;
var apisecret = undefined;
`;
  const admin = `var server = ${JSON.stringify(target.adminApiUrl)};
var secret = ${JSON.stringify(target.adminSecret)};
`;
  return serveStatic(demosFolder, { '/settings.js': settings, '/adminconfig.js': admin });
}

/** Server, pages and browser of one test file. @returns `open(page)` beside them, and `close()`. */
export async function startDemos({ args, api } = {}) {
  const target = await startTarget();
  const demos = await serveDemos(target, api?.(target));
  const chromium = await launchChromium({ args });
  return {
    target,
    demos,
    chromium,
    /** Opens a demo page and presses its start button. */
    async open(name) {
      const page = await chromium.newPage({ viewport: { width: 1280, height: 1000 } });
      await page.goto(`${demos.url}/${name}`);
      await page.waitForFunction(() => window.Janus?.initDone === true);
      await page.click('#start');
      return page;
    },
    async close() {
      await chromium.close();
      await demos.stop();
      await target.stop();
    },
  };
}

export async function closeAll(pages) {
  await Promise.all(pages.map((page) => page.context().close()));
}

/** The page's videos that come from the server, with the frames decoded for each. */
async function videoFrames(page) {
  const streams = await inboundStreams(page);
  return streams.filter((stream) => stream.kind === 'video').map((stream) => stream.framesDecoded);
}

const saidBy = (page) => `the page's console:\n${page.messages.slice(-40).join('\n')}`;

/**
 * Fails with what the page said, if it shows an alert (the demos' way to report errors) or threw something that is not
 * `known` of the page (with Debian's janus too).
 */
export async function assertCalm(page, { known } = {}) {
  const alerts = await page.locator('.bootbox-body').allInnerTexts();
  assert.deepEqual(alerts, [], saidBy(page));
  const thrown = page.messages.filter(
    (text) => text.startsWith('pageerror') && !known?.test(text.replace('pageerror: ', '')),
  );
  assert.deepEqual(thrown, [], saidBy(page));
}

/** Waits until `look` gives something true. */
export async function until(page, what, look) {
  for (let tries = 0; ; tries += 1) {
    const seen = await look();
    if (seen) {
      return seen;
    }
    if (tries === 200) {
      await assertCalm(page);
      assert.fail(`${what}: not seen; ${saidBy(page)}`);
    }
    await sleep(100);
  }
}

/** Waits until `count` videos play, and checks that each of them goes on. */
export async function assertPlaying(page, count, wanted = framesWanted) {
  await until(page, `${count} videos`, async () => {
    return (await videoFrames(page)).filter((frames) => frames > 0).length >= count;
  });
  const start = await videoFrames(page);
  await sleep(watchedMs);
  const end = await videoFrames(page);
  assert.equal(end.length, count);
  const grown = end.map((frames, index) => frames - (start[index] ?? 0));
  assert.ok(
    grown.every((frames) => frames >= wanted),
    `frames decoded in ${watchedMs} ms: ${grown}`,
  );
}

/** Waits until sound comes from the server. */
export function assertSound(page) {
  return until(page, 'sound', async () => {
    const streams = (await inboundStreams(page)).filter((stream) => stream.kind === 'audio');
    return streams.some((stream) => stream.totalAudioEnergy > 0);
  });
}

/** Fails when a page asked for a file that is not there: the pages are the test's, not the server's. */
export function assertAllFound(demos) {
  assert.deepEqual(demos.missing, []);
}
