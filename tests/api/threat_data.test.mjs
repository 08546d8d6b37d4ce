// Data channels that are abused by a client (threat M10): the bounds hold, and others notice nothing.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { JanusClient } from '../support/janus_client.mjs';
import { assertHealthy, isSanitized, metric, peakGrowth, waitForMetric } from '../support/metrics.mjs';
import { sleep } from '../support/process.mjs';
import { startServer } from '../support/server.mjs';
import { RTCPeerConnection, reaches } from '../support/wrtc_peer.mjs';

const mebibyte = 1024 * 1024;
const maxChannels = 64;

let server;
before(async () => {
  server = await startServer({ env: { CARDEA_LIMITS_ENABLED: 'no', CARDEA_JANUS_OPEN: 'yes' } });
});
after(() => server?.stop());

/** A client of EchoTest with one data channel that is open; closed at the test's end. */
async function echo(t) {
  const janus = await JanusClient.connect(server.websocketUrl);
  const pc = new RTCPeerConnection();
  t.after(async () => {
    pc.close();
    await janus.close();
  });
  const session = await janus.createSession();
  const handle = await janus.attach(session, 'janus.plugin.echotest');
  const channel = pc.createDataChannel('JanusDataChannel');
  const open = new Promise((resolve) => (channel.onopen = resolve));
  await pc.setLocalDescription(await pc.createOffer());
  await reaches(pc, 'iceGatheringState', 'complete');
  const jsep = { type: 'offer', sdp: pc.localDescription.sdp };
  const answered = await janus.message(session, handle, { audio: false, video: false }, jsep);
  await pc.setRemoteDescription(answered.jsep);
  await open;
  return { pc, channel };
}

/** Resolves with the ms that the echo of a text took. */
function roundTrip(channel, text) {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no echo of ${text}`)), 10_000);
    channel.onmessage = ({ data }) => {
      if (String(data).endsWith(text)) {
        clearTimeout(timer);
        resolve(performance.now() - began);
      }
    };
    channel.send(text);
  });
}

test('M10: a flood of messages costs little memory, and others are answered', async (t) => {
  const flooder = await echo(t);
  const calm = await echo(t);
  const growth = peakGrowth(server.pid);
  const text = 'x'.repeat(1000);
  let sent = 0;
  const flood = setInterval(() => {
    while (flooder.channel.bufferedAmount < 4 * mebibyte && sent < 200_000) {
      flooder.channel.send(text);
      sent += 1;
    }
  }, 5);
  t.after(() => clearInterval(flood));
  const times = [];
  for (let i = 0; i < 20; ++i) {
    times.push(await roundTrip(calm.channel, `calm ${i}`));
    await sleep(100);
  }
  clearInterval(flood);
  assert.ok(sent > 5_000, `${sent} messages`);
  // A loaded machine may be slow for a moment; a queue behind the flood would be for all.
  const typical = times.sort((a, b) => a - b)[times.length / 2];
  assert.ok(typical < 500, `${typical} ms`);
  assert.ok(growth() < (isSanitized(server.pid) ? 512 : 48) * mebibyte, `${growth()} bytes`);
  await assertHealthy(server);
});

test('M10: a client gets no more channels than the bound, and those that are open work', async (t) => {
  const { pc, channel } = await echo(t);
  const more = Array.from({ length: 4 * maxChannels }, (_, i) => pc.createDataChannel(`c${i}`));
  // Told once a second. A client has every second stream, and the others of this file one channel each.
  const series = 'cardea_data_channels';
  await waitForMetric(server, series, (count) => count >= maxChannels / 2, 20_000);
  await sleep(2000);
  const held = await metric(server, series);
  assert.ok(held <= maxChannels, `${held} of ${more.length} channels`);
  await roundTrip(channel, 'still here');
  await assertHealthy(server);
});
