// Data channels of a browser: what it sends to EchoTest comes back.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchChromium } from '../support/chromium.mjs';
import { gotMessages, openDataPage } from '../support/data_page.mjs';
import { waitForMetric } from '../support/metrics.mjs';
import { startServer } from '../support/server.mjs';

let server;
let chromium;

before(async () => {
  server = await startServer();
  chromium = await launchChromium();
});

after(async () => {
  await chromium?.close();
  await server?.stop();
});

const echo = (...channels) =>
  openDataPage(chromium, server, 'janus.plugin.echotest', { audio: false }, channels);

test('text and bytes come back on their channel', { timeout: 60_000 }, async () => {
  const client = await echo({ label: 'chat', init: { protocol: 'talk' } });
  assert.match(client.answer.jsep.sdp, /m=application 9 UDP\/DTLS\/SCTP webrtc-datachannel/);
  assert.match(client.answer.jsep.sdp, /a=sctp-port:5000/);
  await client.page.evaluate(() => {
    window.channels.chat.channel.send('grüße');
    window.channels.chat.channel.send(new Uint8Array([1, 2, 3]));
    window.channels.chat.channel.send('');
  });
  const got = await gotMessages(client.page, 'chat', 3);
  assert.match(got[0], /.grüße$/);
  assert.equal(got[1], 'bytes:3:6');
  await client.close();
});

test('messages of 60,000 bytes come back whole', { timeout: 60_000 }, async () => {
  const client = await echo({ label: 'large' });
  await client.page.evaluate(() => {
    for (let i = 0; i < 10; i += 1) {
      window.channels.large.channel.send(new Uint8Array(60_000).fill(i));
      window.channels.large.channel.send('x'.repeat(60_000) + i);
    }
  });
  const got = await gotMessages(client.page, 'large', 20);
  for (let i = 0; i < 10; i += 1) {
    assert.equal(got[2 * i], `bytes:60000:${60_000 * i}`);
    assert.ok(got[2 * i + 1].endsWith(`x${i}`) && got[2 * i + 1].length >= 60_001);
  }
  await client.close();
});

test('2,000 messages of 1,000 bytes come back in order', { timeout: 60_000 }, async () => {
  const client = await echo({ label: 'many' });
  await client.page.evaluate(() => {
    for (let i = 0; i < 2000; i += 1) {
      window.channels.many.channel.send(String(i).padStart(1000, '.'));
    }
  });
  const got = await gotMessages(client.page, 'many', 2000, 40_000);
  assert.equal(got.length, 2000);
  got.forEach((text, i) => assert.ok(text.endsWith(`.${i}`), `message ${i} is ${text.slice(-8)}`));
  await client.close();
});

test('unordered and partially reliable channels work beside others', { timeout: 60_000 }, async () => {
  const client = await echo(
    { label: 'sure' },
    { label: 'loose', init: { ordered: false, maxRetransmits: 0 } },
    { label: 'timely', init: { ordered: true, maxPacketLifeTime: 500 } },
  );
  await client.page.evaluate(() => {
    for (const { channel } of Object.values(window.channels)) {
      for (let i = 0; i < 50; i += 1) {
        channel.send(`${channel.label} ${i}`);
      }
    }
  });
  // Nothing gets lost on this path, so all of it comes back.
  for (const label of ['sure', 'loose', 'timely']) {
    const got = await gotMessages(client.page, label, 50);
    assert.ok(got.every((text) => text.includes(`${label} `)));
  }
  await client.close();
});

test('a channel that is closed and opened again is a new one', { timeout: 60_000 }, async () => {
  const client = await echo({ label: 'first' });
  await client.page.evaluate(async () => {
    const { channel } = window.channels.first;
    const closed = new Promise((resolve) => channel.addEventListener('close', resolve));
    channel.close();
    await closed;
    const second = window.peer.createDataChannel('second');
    window.channels.second = { channel: second, got: [] };
    second.onmessage = ({ data }) => window.channels.second.got.push(data);
    second.onopen = () => second.send('again');
  });
  const got = await gotMessages(client.page, 'second', 1);
  assert.match(got[0], /again$/);
  await client.close();
});

test('when everybody has left no association is left', { timeout: 60_000 }, async () => {
  await waitForMetric(server, 'cardea_data_associations', (value) => value === 0, 20_000);
  await waitForMetric(server, 'cardea_data_channels', (value) => value === 0, 20_000);
});
