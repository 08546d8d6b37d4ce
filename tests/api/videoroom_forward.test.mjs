// VideoRoom's rtp_forward over the whole server: what leaves as plain RTP and SRTP, and when it ends.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  RtpEar,
  SrtpOpener,
  beginsVp8KeyFrame,
  isRtcp,
  parseRtp,
  pictureLoss,
} from '../support/rtp_ear.mjs';
import { startServer } from '../support/server.mjs';
import { Person, until } from '../support/videoroom_people.mjs';

const adminKey = 'the key of the administrator';
const secret = 'of the room';
const host = '127.0.0.1';
const srtpKey = Buffer.from(Array.from({ length: 30 }, (_, i) => i * 7)).toString('base64');

let server, ann;
const ears = [];

async function open(family) {
  const ear = await RtpEar.open(family);
  ears.push(ear);
  return ear;
}

const about = (room, more) => ({
  room,
  publisher_id: ann.id,
  secret,
  admin_key: adminKey,
  ...more,
});
const forward = (room, more) => ann.do({ request: 'rtp_forward', host, ...about(room, more) });
const stop = (room, id) =>
  ann.do({ request: 'stop_rtp_forward', ...about(room, { stream_id: id }) });
async function listed(room, of = ann.id) {
  const { publishers } = await ann.do({ request: 'listforwarders', room, secret });
  return publishers.find((each) => each.publisher_id === of)?.forwarders ?? [];
}

before(async () => {
  server = await startServer({
    env: { CARDEA_GENERAL_ADMIN_KEY: adminKey, CARDEA_GENERAL_LOCK_RTP_FORWARD: 'yes' },
  });
  ann = await Person.connect(server.websocketUrl);
  await ann.do({ request: 'create', room: 1, secret, admin_key: adminKey });
  await ann.publish(1);
});
after(async () => {
  await Promise.all(ears.map((ear) => ear.close()));
  await ann?.close();
  await server?.stop();
});

test('streams go where each entry says, with the SSRC and payload type that it says', async () => {
  const [audio, video] = [await open(), await open()];
  const { forwarders } = await forward(1, {
    streams: [
      { mid: '0', port: audio.port, ssrc: 12345, pt: 100 },
      { mid: '1', host, port: video.port },
      { mid: '9', port: 9 },
    ],
  });
  assert.deepEqual(
    forwarders.map(({ type, port, ssrc, pt }) => [type, port, ssrc, pt]),
    [
      ['audio', audio.port, 12345, 100],
      ['video', video.port, undefined, undefined],
    ],
  );
  const heard = await audio.hear(20);
  assert.deepEqual([...new Set(heard.map(({ ssrc }) => ssrc))], [12345]);
  assert.ok(heard.every(({ payloadType }) => payloadType === 100));
  heard.slice(1).forEach(({ sequence }, i) => {
    assert.equal(sequence, (heard[i].sequence + 1) & 0xffff, 'the numbers go on by one');
  });
  assert.ok((await video.hear(20)).some(({ payload }) => beginsVp8KeyFrame(payload)));

  assert.deepEqual(await listed(1), forwarders);
  await stop(1, forwarders[0].stream_id);
  const before = video.packets.length;
  await until('audio has ended', async () => {
    const count = audio.packets.length;
    await video.hear(video.packets.length + 5);
    return audio.packets.length === count;
  });
  await video.hear(before + 10);
  assert.deepEqual(
    (await listed(1)).map(({ type }) => type),
    ['video'],
  );
  await stop(1, forwarders[1].stream_id);
  assert.deepEqual(await listed(1), []);
});

test('a request without secret, admin_key or known publisher changes nothing', async () => {
  const streams = [{ mid: '0', port: 9 }];
  const ask = (members) =>
    ann.ask({ request: 'rtp_forward', host, ...about(1, { streams }), ...members });
  const code = async (members) => (await ask(members)).error_code;
  assert.equal(await code({ secret: undefined }), 429);
  assert.equal(await code({ secret: 'wrong' }), 433);
  assert.equal(await code({ admin_key: undefined }), 429);
  assert.equal(await code({ admin_key: 'wrong' }), 433);
  assert.equal(await code({ publisher_id: 99 }), 428);
  assert.equal(await code({ host: 'no address' }), 430);
  assert.equal(await code({ host_family: 'ipv9' }), 430);
  assert.equal(await code({ srtp_suite: 33, srtp_crypto: srtpKey }), 430);
  const stopped = await ann.ask({ request: 'stop_rtp_forward', ...about(1, { stream_id: 7 }) });
  assert.equal(stopped.error_code, 428);
  assert.deepEqual(await listed(1), []);
});

for (const suite of [80, 32]) {
  test(`with srtp_suite ${suite} what comes is encrypted with the key of the request`, async () => {
    const [clear, locked] = [await open(), await open()];
    const streams = (ear) => ({ streams: [{ mid: '0', port: ear.port }] });
    const first = await forward(1, streams(clear));
    const second = await forward(1, {
      ...streams(locked),
      srtp_suite: suite,
      srtp_crypto: srtpKey,
    });
    assert.equal(second.forwarders[0].srtp, true);
    const opener = new SrtpOpener(srtpKey, suite);
    const opened = (await locked.hear(15)).map(({ raw }) => parseRtp(opener.open(raw)));
    await clear.hear(clear.packets.length + 15);
    const plain = clear.packets.map(({ payload }) => payload.toString('hex'));
    const same = opened.filter(({ payload }) => plain.includes(payload.toString('hex')));
    assert.ok(same.length > 5, 'the same audio, without the key and with it');
    await stop(1, first.forwarders[0].stream_id);
    await stop(1, second.forwarders[0].stream_id);
  });
}

test('a receiver asks for key frames by RTCP', async () => {
  const [rtp, rtcp] = [await open(), await open()];
  const { forwarders } = await forward(1, {
    streams: [{ mid: '1', port: rtp.port, rtcp_port: rtcp.port }],
  });
  assert.equal(forwarders[0].remote_rtcp_port, rtcp.port);
  await rtp.hear(5);
  const { from } = await rtcp.until(
    (all) => all.find(({ bytes }) => isRtcp(bytes) || bytes.length > 0),
    'a first RTCP packet',
  );
  const keyFrames = () => rtp.packets.filter(({ payload }) => beginsVp8KeyFrame(payload)).length;
  await until('a first key frame', () => keyFrames() > 0);
  // Requests soon after one another are merged.
  const seen = keyFrames();
  await until('a key frame that was asked for', () => {
    rtcp.send(pictureLoss(rtp.packets[0].ssrc), from);
    return keyFrames() > seen;
  });
  await stop(1, forwarders[0].stream_id);
});

test('the old form forwards the first stream of each kind', async () => {
  const [audio, video] = [await open(), await open()];
  const { rtp_stream: made } = await forward(1, {
    audio_port: audio.port,
    audio_pt: 98,
    video_port: video.port,
    video_ssrc: 77,
  });
  assert.equal(made.audio, audio.port);
  assert.equal(made.video, video.port);
  assert.ok((await audio.hear(5)).every(({ payloadType }) => payloadType === 98));
  assert.ok((await video.hear(5)).every(({ ssrc }) => ssrc === 77));
  await stop(1, made.audio_stream_id);
  await stop(1, made.video_stream_id);
});

test('localhost is the loopback address of the family that is asked for', async () => {
  const ear = await open('udp6');
  const { forwarders } = await forward(1, {
    host: 'localhost',
    host_family: 'ipv6',
    streams: [{ mid: '0', port: ear.port }],
  });
  await ear.hear(5);
  await stop(1, forwarders[0].stream_id);
});

test('forwarders go with their publisher', async () => {
  const bea = await Person.connect(server.websocketUrl);
  const ear = await open();
  await bea.publish(1, ['audio']);
  await bea.do({
    request: 'rtp_forward',
    ...about(1),
    publisher_id: bea.id,
    host,
    streams: [{ mid: '0', port: ear.port }],
  });
  await ear.hear(5);
  assert.equal((await listed(1, bea.id)).length, 1);
  await bea.do({ request: 'unpublish' });
  assert.deepEqual(await listed(1, bea.id), []);
  await bea.close();
});

test('simulcast layers go to a port each, or as one stream', async () => {
  await ann.do({ request: 'create', room: 2, secret, admin_key: adminKey });
  const cem = await Person.connect(server.websocketUrl);
  const layers = [
    ['h', 1],
    ['m', 2],
    ['l', 4],
  ];
  const sendEncodings = layers.map(([rid, scaleResolutionDownBy]) => ({
    rid,
    scaleResolutionDownBy,
  }));
  await cem.publish(2, [{ width: 960, height: 540, fps: 10, sendEncodings }]);
  const mine = (streams) => ({
    request: 'rtp_forward',
    host,
    room: 2,
    publisher_id: cem.id,
    secret,
    admin_key: adminKey,
    streams,
  });
  const [low, mid, one] = [await open(), await open(), await open()];
  const { forwarders } = await cem.do(
    mine([{ mid: '0', port: low.port, port_2: mid.port, ssrc_2: 202, pt_2: 102 }]),
  );
  assert.deepEqual(
    forwarders.map(({ port, substream }) => [port, substream]),
    [
      [low.port, 0],
      [mid.port, 1],
    ],
  );
  const single = await cem.do(mine([{ mid: '0', port: one.port, simulcast: true }]));
  assert.equal(single.forwarders.length, 1);
  await low.hear(5);
  await one.hear(5);
  const middle = await mid.hear(5);
  assert.ok(middle.every(({ ssrc, payloadType }) => ssrc === 202 && payloadType === 102));
  assert.deepEqual([...new Set(one.packets.map(({ ssrc }) => ssrc))].length, 1);
  await cem.close();
});
