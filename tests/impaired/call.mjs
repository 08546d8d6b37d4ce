// A call over bad lines: one publisher and two viewers in Chromium with the unchanged janus.js, each on a line of its own.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { launchChromium } from '../support/chromium.mjs';
import { sleep } from '../support/process.mjs';
import { startServer } from '../support/server.mjs';
import { serveStatic } from '../support/static_server.mjs';
import { startLink } from './link.mjs';

const room = 1234;
// janus.js wants the global that this file makes.
const adapter = new URL('../out/adapter.js', import.meta.resolve('webrtc-adapter'));

const page = `<!doctype html><title>Over a bad line</title><script src="adapter.js"></script>
<script type="module">import * as person from './page.js'; window.person = person;</script>`;

async function servePages() {
  const text = (url) => readFile(fileURLToPath(url), 'utf8');
  return serveStatic('/nowhere', {
    '/index.html': page,
    '/adapter.js': await text(adapter),
    '/janus.es.js': await text(import.meta.resolve('janus-gateway')),
    '/page.js': await text(new URL('page.js', import.meta.url)),
  });
}

class Person {
  constructor(page, link) {
    this.page = page;
    this.link = link;
  }

  /** The page's time. */
  now() {
    return this.page.evaluate(() => performance.now());
  }

  /** What a viewer noted since then. */
  notes(from) {
    return this.page.evaluate((at) => window.person.take(at), from);
  }
}

/**
 * @param {{roundTrip?: number, viewers?: number, env?: object}} options ms of every line both ways together; what the
 *   server's environment has besides.
 * @returns `server`, `publisher`, `viewers` as Person, `close()`.
 */
export async function startCall({ roundTrip = 40, viewers = 2, env = {} } = {}) {
  const ends = [];
  const close = async () => {
    for (const end of ends.reverse()) {
      await end();
    }
  };
  try {
    const server = await startServer({ env });
    ends.push(() => server.stop());
    const pages = await servePages();
    ends.push(() => pages.stop());
    // Else Chromium cuts layers below 960x540.
    const args = ['--force-fieldtrials=WebRTC-LegacySimulcastLayerLimit/Disabled/'];
    const chromium = await launchChromium({ args });
    ends.push(() => chromium.close());
    const enter = async () => {
      const way = { delay: roundTrip / 2 };
      const link = await startLink(server.mediaPort, { up: way, down: way });
      ends.push(() => link.stop());
      const page = await chromium.newPage();
      await page.goto(`${pages.url}/index.html`);
      await page.waitForFunction(() => window.person !== undefined);
      const address = { server: server.websocketUrl, mediaPort: server.mediaPort, linePort: link.port };
      await page.evaluate((where) => window.person.open(where), address);
      return new Person(page, link);
    };
    const publisher = await enter();
    const feed = await publisher.page.evaluate((number) => window.person.publish(number), room);
    const watching = [];
    for (let i = 0; i < viewers; i += 1) {
      const viewer = await enter();
      await viewer.page.evaluate(([number, id]) => window.person.watch(number, id), [room, feed]);
      watching.push(viewer);
    }
    return { server, publisher, viewers: watching, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Waits until every viewer has had the highest layer for some seconds. */
export async function settle(call, { height = 360, timeoutMs = 30_000 } = {}) {
  const deadline = Date.now() + timeoutMs;
  for (let good = 0; good < 6; good += 1) {
    await sleep(500);
    for (const viewer of call.viewers) {
      const { samples } = await viewer.notes((await viewer.now()) - 300);
      if (samples.at(-1)?.height !== height) {
        good = 0;
      }
    }
    if (Date.now() > deadline) {
      throw new Error('the highest layer did not come');
    }
  }
}
