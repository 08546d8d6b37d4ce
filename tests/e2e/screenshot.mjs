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
  console.error(
    'usage: node tests/e2e/screenshot.mjs OUT.png [--people N] [--dark] [--page NAME] [--size WxH]',
  );
  process.exit(2);
}
const [width, height] = values.size.split('x').map(Number);

// Runs in the page: a drawn person in place of Chromium's green test picture.
function drawCamera(seed) {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [960, 540];
  const pen = canvas.getContext('2d');
  const hue = (seed * 67 + 150) % 360;
  const blob = (x, y, radiusX, radiusY, color) => {
    pen.fillStyle = color;
    pen.beginPath();
    pen.ellipse(x, y, radiusX, radiusY, 0, 0, 2 * Math.PI);
    pen.fill();
  };
  const draw = () => {
    const sway = Math.sin(performance.now() / 900 + seed) * 8;
    const wall = pen.createLinearGradient(0, 0, 960, 540);
    wall.addColorStop(0, `hsl(${hue} 32% 74%)`);
    wall.addColorStop(1, `hsl(${hue + 30} 30% 52%)`);
    pen.fillStyle = wall;
    pen.fillRect(0, 0, 960, 540);
    pen.fillStyle = `hsl(${hue + 40} 55% 90% / 45%)`;
    pen.fillRect(70 + (seed % 3) * 260, 50, 190, 230);
    const skin = `hsl(${22 + (seed % 3) * 4} 42% ${44 + ((seed * 13) % 34)}%)`;
    blob(480 + sway, 590, 250, 200, `hsl(${(hue + 190) % 360} 38% 34%)`);
    blob(480 + sway, 405, 62, 70, skin);
    blob(480 + sway * 1.3, 262, 122, 140, `hsl(${28 + seed * 5} 38% ${14 + ((seed * 9) % 22)}%)`);
    blob(480 + sway * 1.3, 292, 98, 122, skin);
  };
  setInterval(draw, 50);
  draw();
  const original = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    const stream = await original(constraints);
    stream.getVideoTracks().forEach((track) => stream.removeTrack(track));
    stream.addTrack(canvas.captureStream(20).getVideoTracks()[0]);
    return stream;
  };
}

async function newPerson(index, options = {}) {
  const page = await chromium.newPage(options);
  await page.addInitScript(drawCamera, index);
  return page;
}

const target = await startTarget();
const chromium = await launchChromium();
try {
  const viewer = await newPerson(0, {
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
    for (let index = 1; index < count; index += 1) {
      const page = await newPerson(index);
      await joinRoom(page, target.pageUrl, room, names[index]);
      // Not all of them talk at once.
      if (index !== 2) {
        await page.getByRole('button', { name: 'Mute microphone' }).click();
      }
      if (index === 3) {
        await page.getByRole('button', { name: 'Turn camera off' }).click();
      }
    }
    await joinRoom(viewer, target.pageUrl, room, names[0]);
    await viewer.getByRole('button', { name: 'Mute microphone' }).click();
    await otherTiles(viewer)
      .nth(count - 2)
      .waitFor();
    for (
      let tries = 0;
      tries < 80 && (await inboundTotal(viewer, 'video', 'framesDecoded')) < 30;
      tries += 1
    ) {
      await sleep(100);
    }
  }
  await sleep(3000);
  await viewer.screenshot({ path: out });
  viewer.messages.forEach((text) => console.error(text));
} finally {
  await chromium.close();
  await target.stop();
}
