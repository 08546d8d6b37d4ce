// EchoTest on the real server: media and messages come back, and recordings lie where they should.
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { JanusClient } from '../support/janus_client.mjs';
import { sleep, temporaryFolder } from '../support/process.mjs';
import { startServer } from '../support/server.mjs';
import {
  RTCPeerConnection,
  audioSource,
  heardOrSeen,
  reaches,
  videoSource,
} from '../support/wrtc_peer.mjs';

let server, folder;
before(async () => {
  folder = await temporaryFolder('recordings');
  server = await startServer({ env: { CARDEA_ECHOTEST_RECORDINGS: folder.path } });
});
after(async () => {
  await server?.stop();
  await folder?.remove();
});

/** Connects with audio, video and a data channel. */
async function echo(body) {
  const janus = await JanusClient.connect(server.websocketUrl);
  const session = await janus.createSession();
  const handle = await janus.attach(session, 'janus.plugin.echotest');
  const pc = new RTCPeerConnection();
  const sources = [audioSource(), videoSource()];
  sources.forEach(({ track }) => pc.addTrack(track));
  const channel = pc.createDataChannel('JanusDataChannel');
  channel.binaryType = 'arraybuffer';
  const open = new Promise((resolve) => (channel.onopen = resolve));
  const tracks = [];
  pc.ontrack = ({ track }) => tracks.push(track);
  await pc.setLocalDescription(await pc.createOffer());
  await reaches(pc, 'iceGatheringState', 'complete');
  const jsep = { type: 'offer', sdp: pc.localDescription.sdp };
  const answered = await janus.message(session, handle, body, jsep);
  assert.equal(answered.plugindata.data.result, 'ok');
  await pc.setRemoteDescription(answered.jsep);
  await open;
  return {
    tracks,
    channel,
    janus,
    ask: async (more) => (await janus.message(session, handle, more)).plugindata.data,
    hangup: () => janus.request({ janus: 'hangup', session_id: session, handle_id: handle }),
    async close() {
      sources.forEach((source) => source.stop());
      pc.close();
      await janus.close();
    },
  };
}

test('media comes back; text is answered with a text that has it, bytes as they are', async () => {
  const client = await echo({ audio: true, video: true, bitrate: 256_000 });
  await Promise.all(client.tracks.map((track) => heardOrSeen(track)));
  const got = [];
  const two = new Promise((resolve) => {
    client.channel.onmessage = ({ data }) => got.push(data) === 2 && resolve();
  });
  client.channel.send('hello');
  client.channel.send(new Uint8Array([0, 1, 255]));
  await two;
  assert.match(got[0], /.+hello/);
  assert.deepEqual([...new Uint8Array(got[1])], [0, 1, 255]);
  assert.equal(
    (await client.ask({ min_delay: 100, max_delay: 200, fallback: 500_000 })).result,
    'ok',
  );
  assert.equal((await client.ask({ filename: 'x' })).error_code, 413);
  await client.hangup();
  const done = await client.janus.next(({ plugindata }) => plugindata?.data.result === 'done');
  assert.equal(done.plugindata.data.echotest, 'event');
  await client.close();
});

test('what the client sends is recorded in the folder and nowhere else', async () => {
  const client = await echo({ audio: true, video: true, record: true, filename: 'sub/mine' });
  await Promise.all(client.tracks.map((track) => heardOrSeen(track)));
  client.channel.send('for the record');
  const names = ['mine-audio.mjr', 'mine-data.mjr', 'mine-video.mjr'];
  const there = async () => (await readdir(join(folder.path, 'sub')).catch(() => [])).sort();
  const deadline = Date.now() + 20_000;
  while ((await there()).length < names.length && Date.now() < deadline) {
    await sleep(50);
  }
  assert.deepEqual(await there(), names);
  assert.equal((await client.ask({ record: false })).result, 'ok');
  assert.equal((await client.ask({ record: true, filename: '../../outside' })).result, 'ok');
  assert.match(server.log(), /a recording outside of the folder is refused/);
  const text = await readFile(join(folder.path, 'sub', 'mine-data.mjr'));
  assert.equal(String(text.subarray(0, 8)), 'MJR00002');
  assert.ok(text.includes('for the record'));
  await client.close();
});
