// Takes a picture of a call for the documentation: node tests/e2e/screenshot.mjs OUT.png [--people N] [--dark]
// [--page landing|lobby|call] [--size WIDTHxHEIGHT]
import { parseArgs } from 'node:util';
import { inboundTotal, launchChromium } from '../support/chromium.mjs';
import { sleep } from '../support/process.mjs';
import { startTarget } from '../support/target.mjs';
import { joinRoom, otherTiles } from './page.mjs';

const names = ['Ada Marsh', 'Bruno Keller', 'Chidi Obi', 'Dana Wolf', 'Emil Sand', 'Fay Lindqvist'];
const room = 'amber-orchard-417';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    people: { type: 'string', default: '4' },
    dark: { type: 'boolean', default: false },
    page: { type: 'string', default: 'call' },
    size: { type: 'string', default: '1280x800' },
  },
});
const [out] = positionals;
if (!out) {
  console.error('usage: node tests/e2e/screenshot.mjs OUT.png [--people N] [--dark] [--page NAME] [--size WxH]');
  process.exit(2);
}
const [width, height] = values.size.split('x').map(Number);

const target = await startTarget();
const chromium = await launchChromium();
try {
  const viewer = await chromium.newPage({
    viewport: { width, height },
    colorScheme: values.dark ? 'dark' : 'light',
  });
  if (values.page === 'landing') {
    await viewer.goto(`${target.pageUrl}/`);
  } else if (values.page === 'lobby') {
    await viewer.goto(`${target.pageUrl}/?room=${room}`);
    await viewer.getByLabel('Your name').fill(names[0]);
    await viewer.getByRole('button', { name: 'Turn camera off' }).waitFor();
  } else {
    const count = Number(values.people);
    for (const name of names.slice(1, count)) {
      await joinRoom(await chromium.newPage(), target.pageUrl, room, name);
    }
    await joinRoom(viewer, target.pageUrl, room, names[0]);
    await otherTiles(viewer).nth(count - 2).waitFor();
    for (let tries = 0; tries < 80 && (await inboundTotal(viewer, 'video', 'framesDecoded')) < 30; tries += 1) {
      await sleep(100);
    }
  }
  await sleep(1500);
  await viewer.screenshot({ path: out });
  console.log(viewer.messages.join('\n'));
} finally {
  await chromium.close();
  await target.stop();
}
