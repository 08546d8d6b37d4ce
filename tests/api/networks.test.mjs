// Two Chromiums see each other over one kind of network only (the server's other candidates are hidden from them), and
// the TCP port of media holds against strangers.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { startBrowserPeers } from '../compat/contract/support/browser_peers.mjs';
import { counterWatch, waitForMetric } from '../support/metrics.mjs';
import { sleep } from '../support/process.mjs';
import { startServer } from '../support/server.mjs';
import { bindingRequest } from '../support/udp_stun.mjs';
import { Person, until } from '../support/videoroom_people.mjs';

let server;
let browsers = [];
before(async () => {
  server = await startServer({ env: { CARDEA_MEDIA_ADDRESS: '127.0.0.1, ::1', CARDEA_MEDIA_WORKERS: '2' } });
  browsers = await Promise.all([startBrowserPeers(), startBrowserPeers()]);
});
after(async () => {
  await Promise.all(browsers.map((browser) => browser.close()));
  await server?.stop();
});

const candidatesOf = ({ sdp }) => sdp.split('\r\n').filter((line) => line.startsWith('a=candidate:'));

/** The description with those of its candidates that fit. */
function only(fits, jsep) {
  const lines = jsep.sdp.split('\r\n');
  const kept = lines.filter((line) => !line.startsWith('a=candidate:') || fits(line));
  assert.ok(kept.some((line) => line.startsWith('a=candidate:')), `nothing left of ${candidatesOf(jsep)}`);
  return { ...jsep, sdp: kept.join('\r\n') };
}

/** Publishes from a browser. @returns the person, with `peer`. */
async function publish(browser, room, fits) {
  const person = await Person.connect(server.websocketUrl);
  const peer = browser.peer();
  const body = { request: 'joinandconfigure', ptype: 'publisher', room };
  const data = await person.do(body, { jsep: await peer.offer(['audio', 'video']) });
  await peer.accept(only(fits, data.jsep));
  await person.told('webrtcup');
  return { person, peer, browser, id: data.id };
}

async function watch({ person, browser }, room, feed, fits) {
  const handle = await person.attach();
  const joined = await person.do({ request: 'join', ptype: 'subscriber', room, streams: [{ feed }] }, { handle });
  const peer = browser.peer();
  const jsep = await peer.answer(only(fits, joined.jsep));
  await person.do({ request: 'start' }, { handle, jsep });
  return peer;
}

async function flows(peer) {
  const look = async () => {
    const { audio, video } = await peer.inbound();
    return audio?.packetsReceived > 50 && video?.framesDecoded > 10;
  };
  await until('media', look);
}

/** Addresses and protocols of the server that the page's connections talk with. */
const remotes = ({ page }) =>
  page.evaluate(async () => {
    const found = [];
    for (const pc of window.testConnections.filter((one) => one.connectionState !== 'closed')) {
      const stats = await pc.getStats();
      for (const pair of stats.values()) {
        if (pair.type === 'candidate-pair' && pair.nominated) {
          const { address, protocol } = stats.get(pair.remoteCandidateId);
          found.push(`${protocol} ${address}`);
        }
      }
    }
    return found;
  });

async function seeEachOther(room, fits, expected) {
  const host = await Person.connect(server.websocketUrl);
  await host.do({ request: 'create', room });
  const ann = await publish(browsers[0], room, fits);
  const bob = await publish(browsers[1], room, fits);
  const views = [await watch(ann, room, bob.id, fits), await watch(bob, room, ann.id, fits)];
  await Promise.all(views.map(flows));
  for (const { peer } of [ann, bob]) {
    assert.deepEqual([...new Set(await remotes(peer))], [expected]);
  }
  await Promise.all([...views, ann.peer, bob.peer].map((peer) => peer.close()));
  await Promise.all([host, ann.person, bob.person].map((person) => person.close()));
}

test('by IPv6 only', () => seeEachOther(1, (line) => / udp \d+ ::1 /.test(line), 'udp ::1'));

test('by IPv4 only, from the same port', () =>
  seeEachOther(2, (line) => / udp \d+ 127\.0\.0\.1 /.test(line), 'udp 127.0.0.1'));

test('by TCP only', () =>
  seeEachOther(3, (line) => / tcp \d+ 127\.0\.0\.1 \d+ typ host tcptype passive$/.test(line), 'tcp 127.0.0.1'));

test('a publisher that restarts ICE again and again is seen all the time', async () => {
  const room = 4;
  const everything = () => true;
  const host = await Person.connect(server.websocketUrl);
  await host.do({ request: 'create', room });
  const ann = await publish(browsers[0], room, everything);
  const viewer = await watch({ person: host, browser: browsers[1] }, room, ann.id, everything);
  await flows(viewer);
  let packets = 0;
  let since = performance.now();
  let longest = 0;
  const look = async () => {
    const { audio } = await viewer.inbound();
    const now = performance.now();
    longest = Math.max(longest, now - since);
    if (audio.packetsReceived > packets) {
      [packets, since] = [audio.packetsReceived, now];
    }
  };
  await look();
  longest = 0;
  const ufrags = new Set();
  for (let i = 0; i < 10; ++i) {
    const offer = await ann.peer.restart();
    const { jsep } = await ann.person.do({ request: 'configure' }, { jsep: offer });
    ufrags.add(jsep.sdp.match(/a=ice-ufrag:(\S+)/)[1]);
    await ann.peer.accept(jsep);
    for (let round = 0; round < 6; ++round) {
      await look();
      await sleep(50);
    }
  }
  assert.equal(ufrags.size, 10, 'each restart has credentials of its own');
  // The bound of 300 ms is that of the scenario on virtual time: here two browsers share the machine.
  assert.ok(longest < 1500, `nothing for ${longest} ms`);
  await Promise.all([viewer, ann.peer].map((peer) => peer.close()));
  await Promise.all([host, ann.person].map((person) => person.close()));
});

const frame = (bytes) => {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

/** Connects, sends, and waits until the server closes. @returns what came, and after how many ms. */
async function untilClosed(bytes) {
  const began = performance.now();
  const socket = connect(server.mediaPort, '127.0.0.1');
  const came = [];
  socket.on('data', (data) => came.push(data));
  socket.on('error', () => {});
  socket.write(bytes);
  await new Promise((resolve) => socket.on('close', resolve));
  return { came: Buffer.concat(came), ms: performance.now() - began };
}

test('a TCP connection that says anything but a check is closed at once, without an answer', async () => {
  const rows = [
    ['DTLS', frame(Buffer.from([22, 0xfe, 0xfd, ...Buffer.alloc(60)]))],
    ['RTP', frame(Buffer.from([0x80, 96, ...Buffer.alloc(60)]))],
    ['a request of HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
    ['a frame longer than any packet', Buffer.concat([Buffer.from([0xff, 0xff]), Buffer.alloc(70_000)])],
  ];
  for (const [what, bytes] of rows) {
    const { came, ms } = await untilClosed(bytes);
    assert.equal(came.length, 0, what);
    assert.ok(ms < 3000, `${what}: after ${ms} ms`);
  }
});

test('a TCP connection without a good check ends after five seconds, whatever checks it sends', async () => {
  const seen = await counterWatch(server);
  const bad = frame(bindingRequest({ username: 'nobody:x', password: 'x'.repeat(24) }));
  const [silent, checking] = await Promise.all([untilClosed(Buffer.from([0])), untilClosed(bad)]);
  for (const { came, ms } of [silent, checking]) {
    assert.equal(came.length, 0);
    assert.ok(ms > 4000 && ms < 15_000, `after ${ms} ms`);
  }
  assert.equal(await seen.diff('cardea_limit_hits_total{limit="media_tcp_proof"}'), 2);
});

test('connections of one address are bounded, and those there before go on', async () => {
  const seen = await counterWatch(server);
  // 64 for each of the two workers.
  const sockets = Array.from({ length: 160 }, () => connect(server.mediaPort, '127.0.0.1'));
  sockets.forEach((socket) => socket.on('error', () => {}));
  await seen.risen('cardea_limit_hits_total{limit="media_tcp_connections_per_address"}', 32);
  await waitForMetric(server, 'cardea_media_tcp_connections', (value) => value > 64 && value <= 128);
  sockets.forEach((socket) => socket.destroy());
  await waitForMetric(server, 'cardea_media_tcp_connections', (value) => value === 0);
});
