// Debian's demo pages textroom (over data channels) and admin work against the server.
import { after, before, test } from 'node:test';
import { assertAllFound, assertCalm, closeAll, startDemos, until } from './support.mjs';

let run;

before(async () => {
  run = await startDemos();
});

after(() => run?.close());

async function join(name) {
  const page = await run.open('textroomtest.html');
  await page.fill('#username', name);
  await page.click('#register');
  await page.locator('#datasend:not([disabled])').waitFor();
  return page;
}

test('textroom: what one writes, and whispers, the other reads', { timeout: 60_000 }, async () => {
  const ann = await join('Ann');
  const bea = await join('Bea');
  await ann.locator('#chatroom', { hasText: 'Bea joined' }).waitFor();
  await ann.fill('#datasend', 'Good morning');
  await ann.press('#datasend', 'Enter');
  await bea.locator('#chatroom', { hasText: 'Good morning' }).waitFor();
  await bea.locator('#list li', { hasText: 'Ann' }).click();
  await bea.fill('.bootbox-input', 'only for you');
  await bea.locator('.bootbox .btn-primary').click();
  await ann.locator('#chatroom', { hasText: 'whisper from Bea' }).waitFor();
  await bea.click('#start');
  await ann.locator('#chatroom', { hasText: 'Bea left' }).waitFor();
  await assertCalm(ann);
  await closeAll([ann, bea]);
});

test('echotest: text on the data channel is answered', { timeout: 60_000 }, async () => {
  const page = await run.open('echotest.html');
  await page.locator('#datasend:not([disabled])').waitFor();
  await page.fill('#datasend', 'Hello there');
  await page.press('#datasend', 'Enter');
  await until(page, 'the answer', async () => {
    return (await page.inputValue('#datarecv')).includes('Hello there');
  });
  await assertCalm(page);
  await closeAll([page]);
});

test(
  'admin: it shows the server, a session, its handle, and what plays there',
  { timeout: 60_000 },
  async () => {
    const echo = await run.open('echotest.html');
    await echo.locator('#videoright video').waitFor();
    const page = await run.chromium.newPage({ viewport: { width: 1280, height: 1000 } });
    await page.goto(`${run.demos.url}/admin.html`);
    await page
      .locator('#server-details', { hasText: 'version_string' })
      .waitFor({ state: 'attached' });
    await page.locator('#server-plugins', { hasText: /VideoRoom/i }).waitFor({ state: 'attached' });
    await page
      .locator('#server-settings', { hasText: 'session_timeout' })
      .waitFor({ state: 'attached' });
    await page.locator('a[href="#handlesinfo"]').click();
    // Sessions of pages that have gone may still be there.
    const session = await echo.evaluate(() => window.janus.getSessionId());
    await page.click(`#session-${session}`);
    await page.locator('#handles-list a').first().click();
    await page.locator('#handle-info', { hasText: 'janus.plugin.echotest' }).waitFor();
    // jQuery of the page does not like one of its own selectors.
    await assertCalm(page, { known: /^Error: Syntax error, unrecognized expression/ });
    await closeAll([page, echo]);
  },
);

test('the demo pages find every file that they ask for', () => assertAllFound(run.demos));
