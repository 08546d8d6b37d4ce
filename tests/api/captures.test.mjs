// What the Admin API's captures hold: RTP and RTCP of a real connection, both ways, in the clear.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { adminOf } from '../support/admin_client.mjs';
import { JanusClient } from '../support/janus_client.mjs';
import { sleep } from '../support/process.mjs';
import { startServer } from '../support/server.mjs';
import { RTCPeerConnection, audioSource, heardOrSeen, reaches } from '../support/wrtc_peer.mjs';

const secret = 'capture-secret';
const rawIp = 101;

let server, janus, pc, sound, session, handle;
before(async () => {
  server = await startServer({ env: { CARDEA_ADMIN_SECRET: secret } });
  janus = await JanusClient.connect(server.websocketUrl);
  session = await janus.createSession();
  handle = await janus.attach(session, 'janus.plugin.echotest');
  pc = new RTCPeerConnection();
  sound = audioSource();
  pc.addTrack(sound.track);
  const heard = new Promise((resolve, reject) => {
    pc.ontrack = ({ track }) => heardOrSeen(track).then(resolve, reject);
  });
  await pc.setLocalDescription(await pc.createOffer());
  await reaches(pc, 'iceGatheringState', 'complete');
  const jsep = { type: 'offer', sdp: pc.localDescription.sdp };
  const answered = await janus.message(session, handle, { audio: true }, jsep);
  await pc.setRemoteDescription(answered.jsep);
  await heard;
});
after(async () => {
  sound?.stop();
  pc?.close();
  await janus?.close();
  await server?.stop();
});

const ask = (verb, members) => adminOf(server, secret)(verb, members, `/${session}/${handle}`);

/** Lets a capture run for a while. @returns what the file holds. */
async function capture(form, members) {
  assert.deepEqual((await ask(`start_${form}`, members)).error, undefined);
  assert.equal((await ask(`start_${form}`, members)).error?.code, 490);
  const { info } = await ask('handle_info');
  assert.equal(info[`dump-to-${form}`], true);
  await sleep(1500);
  assert.equal((await ask(`stop_${form}`)).janus, 'success');
  assert.equal((await ask(`stop_${form}`)).error?.code, 490);
  assert.equal((await ask('handle_info')).info[`dump-to-${form}`], undefined);
  await sleep(100);
  return readFile(info[`${form}-file`]);
}

/** The packets of a pcap, each `{ from, packet, size }`. */
function packetsOf(pcap) {
  assert.equal(pcap.readUInt32BE(0), 0xa1b2c3d4);
  assert.equal(pcap.readUInt32BE(20), rawIp);
  const packets = [];
  for (let at = 24; at < pcap.length; at += 16 + pcap.readUInt32BE(at + 8)) {
    const ip = pcap.subarray(at + 16, at + 16 + pcap.readUInt32BE(at + 8));
    const size = pcap.readUInt32BE(at + 12) - 28;
    packets.push({ from: ip.readUInt32BE(12), packet: ip.subarray(28), size });
  }
  return packets;
}
// RFC 5761: RTCP is 192 to 223 there.
const isRtp = ({ packet }) => packet[0] >> 6 === 2 && (packet[1] < 192 || packet[1] > 223);

test('a pcap holds the packets of both directions, and RTCP', async () => {
  const packets = packetsOf(await capture('pcap', { folder: 'calls', filename: 'one.pcap' }));
  const media = packets.filter(isRtp);
  const senders = new Set(media.map(({ from }) => from));
  assert.equal(senders.size, 2);
  for (const from of senders) {
    const seqs = media.filter((one) => one.from === from).map(({ packet }) => packet.readUInt16BE(2));
    assert.ok(seqs.length > 25, `${seqs.length} packets`);
  }
  assert.ok(packets.some(({ packet }) => packet[1] === 200 || packet[1] === 201), 'reports');
});

test('a capture keeps as much of each packet as was asked for', async () => {
  const packets = packetsOf(await capture('pcap', { truncate: 12 }));
  assert.ok(packets.length > 50);
  assert.ok(packets.every(({ packet, size }) => packet.length === Math.min(12, size)));
  assert.ok(packets.filter(isRtp).every(({ size }) => size > 12));
});

test('a capture for text2pcap has a line for each packet', async () => {
  const lines = String(await capture('text2pcap', {})).trimEnd().split('\n');
  assert.ok(lines.length > 50);
  for (const line of lines) {
    assert.match(line, /^[IO] \d\d:\d\d:\d\d\.\d{6} 000000( [0-9a-f]{2})+$/);
  }
  assert.ok(lines.some((line) => line[0] === 'I') && lines.some((line) => line[0] === 'O'));
});
