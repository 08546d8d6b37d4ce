// Recordings of real media (Opus, VP8, messages) by VideoRoom and EchoTest, made playable by Debian's janus-pp-rec.
import assert from 'node:assert/strict';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { JanusClient } from '../support/janus_client.mjs';
import { assertHealthy, readMetrics } from '../support/metrics.mjs';
import { sleep, startProcess, temporaryFolder } from '../support/process.mjs';
import { startServer } from '../support/server.mjs';
import { RTCPeerConnection, audioSource, reaches, videoSource } from '../support/wrtc_peer.mjs';

const text = 'for the record: \u00e9\u20ac';
const recordedMs = 3_000;
// What a loaded machine may take off the beginning of a video: it begins with a key frame.
const leastSeconds = 1.5;

let server, folder;
before(async () => {
  folder = await temporaryFolder('recordings');
  server = await startServer({
    env: {
      CARDEA_GENERAL_RECORDINGS: folder.path,
      CARDEA_ECHOTEST_RECORDINGS: folder.path,
    },
  });
});
after(async () => {
  await server?.stop();
  await folder?.remove();
});

/** A client of a plugin that sends a tone, pictures and messages; closed at the test's end. */
async function sender(t, plugin) {
  const janus = await JanusClient.connect(server.websocketUrl);
  const pc = new RTCPeerConnection();
  const sources = [audioSource(), videoSource()];
  t.after(async () => {
    sources.forEach((source) => source.stop());
    pc.close();
    await janus.close();
  });
  const session = await janus.createSession();
  const handle = await janus.attach(session, plugin);
  sources.forEach(({ track }) => pc.addTrack(track));
  const channel = pc.createDataChannel('JanusDataChannel');
  const open = new Promise((resolve) => (channel.onopen = resolve));
  const ask = async (body, jsep) => {
    const answer = await janus.message(session, handle, body, jsep);
    assert.equal(answer.plugindata?.data.error, undefined, JSON.stringify(answer));
    return answer;
  };
  return {
    ask,
    channel,
    janus,
    async connect(body) {
      await pc.setLocalDescription(await pc.createOffer());
      await reaches(pc, 'iceGatheringState', 'complete');
      const answer = await ask(body, { type: 'offer', sdp: pc.localDescription.sdp });
      await pc.setRemoteDescription(answer.jsep);
      await open;
    },
  };
}

async function waitFor(what, condition) {
  const deadline = Date.now() + 20_000;
  while (!(await condition())) {
    assert.ok(Date.now() < deadline, `${what}; ${server.log()}`);
    await sleep(100);
  }
}
const size = async (path) => (await readFile(path).catch(() => '')).length;

async function run(command, ...args) {
  const process = startProcess(command, args);
  const { code } = await process.exited;
  assert.equal(code, 0, `${command} ${args.join(' ')}: ${process.log()}`);
  return process.log();
}

/** Turns a recording into a media file and reads what that is. */
async function played(recording, extension) {
  const file = recording.replace('.mjr', `.${extension}`);
  await run('janus-pp-rec', recording, file);
  const json = await run(
    ...['ffprobe', '-v', 'error', '-of', 'json', '-count_frames', '-show_streams'],
    ...['-show_format', file],
  );
  const { streams, format } = JSON.parse(json);
  return { stream: streams[0], seconds: Number(format.duration) };
}

/** Three recordings of one sender: by kind, as paths. */
async function check({ audio, video, data }) {
  const sound = await played(audio, 'opus');
  assert.equal(sound.stream.codec_name, 'opus');
  assert.ok(sound.seconds > leastSeconds, `${sound.seconds} s of sound`);
  const picture = await played(video, 'webm');
  assert.equal(picture.stream.codec_name, 'vp8');
  assert.deepEqual([picture.stream.width, picture.stream.height], [160, 120]);
  assert.ok(picture.seconds > leastSeconds, `${picture.seconds} s of pictures`);
  assert.ok(Number(picture.stream.nb_read_frames) > 8, `${picture.stream.nb_read_frames} frames`);
  const subtitles = data.replace('.mjr', '.srt');
  await run('janus-pp-rec', data, subtitles);
  assert.match(await readFile(subtitles, 'utf8'), new RegExp(`-->.*\\r?\\n${text}`));
}

/** Lets the sender be recorded for a while, with two messages. */
async function record(channel, { audio, video, data }) {
  channel.send('the first');
  channel.send(text);
  await waitFor('three files', async () => (await size(audio)) && (await size(video)) && size(data));
  await sleep(recordedMs);
}

test('what a publisher of a room sends is recorded and can be played', async (t) => {
  const publisher = await sender(t, 'janus.plugin.videoroom');
  const room = 4242;
  await publisher.ask({ request: 'create', room, rec_dir: 'room' });
  await publisher.ask({ request: 'join', ptype: 'publisher', room, display: 'recorded' });
  await publisher.connect({ request: 'publish', record: true, filename: 'take' });
  const path = (name) => join(folder.path, 'room', `take-${name}.mjr`);
  const files = { audio: path('audio-0'), video: path('video-1'), data: path('data-2') };
  await record(publisher.channel, files);
  await publisher.ask({ request: 'configure', record: false });
  // The last of it is written in a while.
  await waitFor('an end', async () => {
    const before = await size(files.audio);
    await sleep(300);
    return before === (await size(files.audio));
  });
  assert.deepEqual((await readdir(join(folder.path, 'room'))).length, 3);
  await check(files);
});

test('what a client of EchoTest sends is recorded and can be played', async (t) => {
  const client = await sender(t, 'janus.plugin.echotest');
  await client.connect({ audio: true, video: true, record: true, filename: 'echo/mine' });
  const path = (kind) => join(folder.path, 'echo', `mine-${kind}.mjr`);
  const files = { audio: path('audio'), video: path('video'), data: path('data') };
  await record(client.channel, files);
  await client.ask({ record: false });
  await check(files);
});

test('M12: a full disk ends recordings with an event, and the media go on', async (t) => {
  const small = join(folder.path, 'small');
  await mkdir(small);
  await run('mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', small);
  // Lazily: other recordings may still be open in it.
  t.after(() => run('umount', '-l', small));
  // What is left is just above the floor, 5 % of the disk.
  await writeFile(join(small, 'other'), new Uint8Array(940 * 1024));
  const publisher = await sender(t, 'janus.plugin.videoroom');
  const room = 4243;
  await publisher.ask({ request: 'create', room, rec_dir: 'small' });
  await publisher.ask({ request: 'join', ptype: 'publisher', room, display: 'recorded' });
  await publisher.connect({ request: 'publish', record: true, filename: 'take' });
  const told = await publisher.janus.next(
    ({ plugindata }) => plugindata?.data.recording === 'stopped',
    25_000,
  );
  assert.equal(told.plugindata.data.reason, 'disk full');
  assert.equal(told.plugindata.data.room, room);
  const before = await readMetrics(server);
  const forwarded = 'cardea_media_rtp_received_total';
  await sleep(1000);
  assert.ok((await readMetrics(server)).get(forwarded) > before.get(forwarded) + 10);
  await assertHealthy(server);
});
