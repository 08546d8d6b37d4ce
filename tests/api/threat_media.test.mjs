// Hostile SDP, candidates, STUN, DTLS and media against the whole server (threats I2, I4, I5, I6, M1 to M5, M8).
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { publisherOffer } from '../bench/sdp.mjs';
import { JanusClient } from '../support/janus_client.mjs';
import { assertHealthy, counterWatch, cpuMs, isSanitized, metric, waitForMetric } from '../support/metrics.mjs';
import { sleep } from '../support/process.mjs';
import { random } from '../support/random.mjs';
import { startServer } from '../support/server.mjs';
import { MediaClients } from '../support/udp_client.mjs';
import { udpRelay, udpSocket } from '../support/udp_relay.mjs';
import { attribute, attributeTypes, bindingRequest, header, message } from '../support/udp_stun.mjs';

const echotest = 'janus.plugin.echotest';
const invalidSdp = 465;
const dropped = (reason) => `cardea_media_dropped_total{reason="${reason}"}`;

let server;
let janus;
let clients;
before(async () => {
  server = await startServer({ env: { CARDEA_LIMITS_ENABLED: 'no', CARDEA_JANUS_OPEN: 'yes' } });
  janus = await JanusClient.connect(server.websocketUrl);
  clients = new MediaClients();
});
after(async () => {
  await clients?.stop();
  await janus?.close();
  await server?.stop();
});

const ice = {
  ufrag: 'abcd',
  pwd: 'abcdefghijklmnopqrstuvwx',
  fingerprint: `sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}`,
  ip: '127.0.0.1',
  port: 9,
};
const goodOffer = publisherOffer(ice, { audioSsrc: 1, videoSsrc: 2 }).replaceAll('a=sendonly', 'a=sendrecv');
/** The offer with lines in place of others, which must be there. */
function changed(from, to) {
  assert.ok(goodOffer.includes(from), from);
  return goodOffer.replaceAll(from, to);
}

async function handle() {
  const session = await janus.createSession();
  return { session, handle: await janus.attach(session, echotest) };
}
const destroy = ({ session }) => janus.request({ janus: 'destroy', session_id: session });

/** Sends an offer on a new handle. @returns the answer and how many ms it took. */
async function offer(sdp) {
  const own = await handle();
  const began = performance.now();
  const answer = await janus.message(own.session, own.handle, { audio: true }, { type: 'offer', sdp });
  const ms = performance.now() - began;
  await destroy(own);
  return { answer, ms };
}

/** Each of the offers must get 465, the offer as it was an answer. */
async function refused(table) {
  const seen = await counterWatch(server);
  for (const [what, sdp] of table) {
    const { answer, ms } = await offer(sdp);
    assert.equal(answer.error?.code, invalidSdp, `${what}: ${JSON.stringify(answer).slice(0, 300)}`);
    assert.ok(answer.error.reason.length > 12, what);
    assert.ok(ms < (isSanitized(server.pid) ? 500 : 100), `${what} took ${ms} ms`);
  }
  assert.equal(await seen.diff(`cardea_janus_errors_total{code="${invalidSdp}"}`), table.length);
  assert.equal((await offer(goodOffer)).answer.jsep?.type, 'answer', 'the unchanged offer is good');
  await assertHealthy(server);
}

/** Runs a connected EchoTest client, behind a relay if wanted; it must get its own media back at the end. */
async function withClient(run, { relayed = false } = {}) {
  const own = await clients.negotiate(janus);
  const relay = relayed ? await udpRelay(server.mediaPort) : undefined;
  await clients.connect(own, relay?.port);
  clients.publish(own);
  await sleep(300);
  await run(own, relay);
  const result = await clients.measure(1);
  assert.ok(result.received > 100, `media flows on: ${JSON.stringify(result)}`);
  await destroy(own);
  await relay?.close();
  await assertHealthy(server);
}

test('M3: offers without a strong fingerprint, DTLS or ICE credentials get 465', () =>
  refused([
    ['no fingerprint', goodOffer.replace(/a=fingerprint.*\r\n/g, '')],
    ['sha-1', changed(ice.fingerprint, `sha-1 ${Array.from({ length: 20 }, () => 'AB').join(':')}`)],
    ['md5', changed(ice.fingerprint, `md5 ${Array.from({ length: 16 }, () => 'AB').join(':')}`)],
    ['cut sha-256', changed(ice.fingerprint, ice.fingerprint.slice(0, -3))],
    ['sha-256 of other characters', changed(ice.fingerprint, ice.fingerprint.replaceAll('AB', 'ZZ'))],
    ['an empty fingerprint', changed(ice.fingerprint, '')],
    ['a name and no value', changed(ice.fingerprint, 'sha-256')],
    ['SDES', changed('UDP/TLS/RTP/SAVPF', 'RTP/SAVPF').replace(/a=fingerprint.*\r\n/g, 'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz\r\n')],
    ['RTP/AVP', changed('UDP/TLS/RTP/SAVPF', 'RTP/AVP')],
    ['RTP/AVPF', changed('UDP/TLS/RTP/SAVPF', 'RTP/AVPF')],
    ['no ufrag', goodOffer.replace(/a=ice-ufrag.*\r\n/g, '')],
    ['no pwd', goodOffer.replace(/a=ice-pwd.*\r\n/g, '')],
    ['a short ufrag', changed(`a=ice-ufrag:${ice.ufrag}`, 'a=ice-ufrag:a')],
    ['a short pwd', changed(ice.pwd, 'short')],
    ['holdconn', changed('a=setup:actpass', 'a=setup:holdconn')],
  ]));

test('M8: SDP bombs get 465 quickly', () => {
  const [head, ...lines] = goodOffer.split(/^(?=m=)/m);
  const many = (count) => head + Array.from({ length: count }, (_, i) => lines[1].replace('a=mid:1', `a=mid:${i}`)).join('');
  const attributes = (count) => `${goodOffer}${'a=x:y\r\n'.repeat(count)}`;
  return refused([
    ['empty', ''],
    ['only the version', 'v=0\r\n'],
    ['no m-line', head],
    ['65 m-lines', many(65)],
    ['1,000 m-lines', many(1000)],
    ['1,000 rejected m-lines', head + 'm=video 0 UDP/TLS/RTP/SAVPF 96\r\n'.repeat(1000)],
    ['more than 128 KiB', attributes(200) + `a=x:${'y'.repeat(1000)}\r\n`.repeat(150)],
    ['300 attributes', attributes(300)],
    ['300 attributes of the session', goodOffer.replace('t=0 0\r\n', `t=0 0\r\n${'a=x:y\r\n'.repeat(300)}`)],
    ['a line of 9 KiB', `${goodOffer}a=x:${'y'.repeat(9 * 1024)}\r\n`],
    ['a line of 100 KiB without end', goodOffer + 'a='.padEnd(100_000, 'x')],
    ['payload type 999999', changed('SAVPF 96', 'SAVPF 999999')],
    ['payload type -1', changed('SAVPF 96', 'SAVPF -1')],
    ['payload type of 40 digits', changed('SAVPF 96', `SAVPF ${'9'.repeat(40)}`)],
    ['65 payload types', changed('SAVPF 96', `SAVPF ${Array.from({ length: 65 }, (_, i) => i).join(' ')}`)],
    ['the same mid twice', changed('a=mid:1', 'a=mid:0')],
    ['port 999999', changed('m=video 9', 'm=video 999999')],
    ['binary', randomBytes(2000).toString('latin1').replaceAll('\0', 'x')],
    ['no space in the m-line', changed('m=video 9 UDP', 'm=video9UDP')],
    ['only m=', `${head}m=\r\n`],
  ]);
});

test('M8: mutated offers are answered or refused, and never end the server', async () => {
  const next = random(20_260_101);
  const own = await handle();
  let good = 0;
  let bad = 0;
  for (let i = 0; i < 300; ++i) {
    const bytes = [...goodOffer];
    for (let n = 0; n < 1 + (i % 8); ++n) {
      const at = next(bytes.length);
      const kinds = [
        () => (bytes[at] = String.fromCharCode(1 + next(255))),
        () => bytes.splice(at, next(40)),
        () => bytes.splice(at, 0, ...bytes.slice(at, at + next(200))),
        () => (bytes[at] = ['\r\n', '0', ' ', ':', '9'.repeat(20), 'a=', 'm='][next(7)]),
      ];
      kinds[next(kinds.length)]();
    }
    const answer = await janus.message(own.session, own.handle, { audio: true }, { type: 'offer', sdp: bytes.join('') });
    const said = answer.janus === 'error' || answer.plugindata?.data;
    assert.ok(said, JSON.stringify(answer));
    answer.jsep ? (good += 1) : (bad += 1);
  }
  assert.ok(good > 10 && bad > 10, `${good} answered, ${bad} refused`);
  await destroy(own);
  await assertHealthy(server);
});

test('I2: 10,000 candidates are refused in SDP and ignored when trickled', async () => {
  const candidate = (i) => `candidate:${i} 1 udp ${1000 + i} 10.${i >> 16}.${(i >> 8) & 255}.${i & 255} 9 typ host`;
  const own = await handle();
  const inSdp = `${goodOffer}${Array.from({ length: 10_000 }, (_, i) => `a=${candidate(i)}\r\n`).join('')}`;
  await refused([['10,000 candidates', inSdp]]);
  // As many as attributes are allowed: more than are kept.
  const kept = await offer(`${goodOffer}${Array.from({ length: 200 }, (_, i) => `a=${candidate(i)}\r\n`).join('')}`);
  assert.equal(kept.answer.jsep?.type, 'answer');

  const opened = await janus.message(own.session, own.handle, { audio: true }, { type: 'offer', sdp: goodOffer });
  assert.ok(opened.jsep);
  const seen = await counterWatch(server);
  const trickle = (body) => janus.request({ janus: 'trickle', session_id: own.session, handle_id: own.handle, ...body });
  const object = (i) => ({ candidate: candidate(i), sdpMid: '0', sdpMLineIndex: 0 });
  const list = (from, count) => Array.from({ length: count }, (_, i) => object(from + i));
  const began = performance.now();
  for (let i = 0; i < 20; ++i) {
    assert.equal((await trickle({ candidates: list(500 * i, 500) })).janus, 'ack');
  }
  const ms = performance.now() - began;
  assert.ok(ms < (isSanitized(server.pid) ? 3000 : 500), `10,000 trickled candidates took ${ms} ms`);
  assert.equal(await seen.diff('cardea_trickled_candidates_total'), 10_000);
  assert.equal(await seen.diff('cardea_limit_hits_total{limit="candidates_per_handle"}'), 20);
  for (const bad of [
    'candidate:', 'x'.repeat(100_000), 'candidate:1 1 udp 1 0.0.0.0 0 typ host', 'candidate:1 1 udp 1 224.0.0.1 9 typ host',
    'candidate:1 1 udp 99999999999999999999 10.0.0.1 9 typ host', `candidate:1 1 udp 1 ${'a'.repeat(300)}.local 9 typ host`,
    'candidate:1 1 udp 1 127.0.0.1 999999 typ host', '\u0001', 'candidate:1 1 udp 1 ::1 9 typ srflx raddr',
  ]) {
    const answer = await trickle({ candidate: { candidate: bad, sdpMid: '0', sdpMLineIndex: -1 } });
    assert.ok(['ack', 'error'].includes(answer.janus), bad.slice(0, 60));
  }
  for (const bad of [null, 5, 'x', {}, [], { candidate: 5 }, { sdpMLineIndex: 1e9 }]) {
    const answer = await trickle({ candidate: bad });
    assert.ok(['ack', 'error'].includes(answer.janus), JSON.stringify(bad));
  }
  await destroy(own);
  await sleep(100);
  assert.equal(await metric(server, 'cardea_media_unsent_total{reason="error"}'), 0, 'nothing is sent to candidates');
  await assertHealthy(server);
});

test('I6: ufrag and pwd are random, long enough, and new for each peer and restart', async () => {
  const seen = { ufrag: new Set(), pwd: new Set() };
  const letters = { ufrag: new Set(), pwd: new Set() };
  const take = (sdp) => {
    const own = {};
    for (const name of ['ufrag', 'pwd']) {
      const values = new Set(sdp.match(new RegExp(`(?<=^a=ice-${name}:).*(?=\r$)`, 'gm')));
      assert.equal(values.size, 1, 'one transport in a bundle');
      [own[name]] = values;
      assert.match(own[name], /^[A-Za-z0-9+/]+$/);
      assert.ok(!seen[name].has(own[name]), `${name} comes twice`);
      seen[name].add(own[name]);
      [...own[name]].forEach((letter) => letters[name].add(letter));
    }
    // RFC 8445 5.3: 24 and 128 bits; six to a letter.
    assert.ok(own.ufrag.length * 6 >= 24 && own.pwd.length * 6 >= 128, JSON.stringify(own));
  };
  for (let i = 0; i < 60; ++i) {
    take((await offer(goodOffer)).answer.jsep.sdp);
  }
  for (const name of ['ufrag', 'pwd']) {
    assert.ok(letters[name].size > 55, `only ${letters[name].size} letters in 60 of ${name}`);
  }
  const own = await handle();
  for (const pwd of ['first', 'second', 'third']) {
    const sdp = goodOffer.replaceAll(ice.pwd, pwd.padEnd(24, 'x')).replaceAll('ice-ufrag:abcd', `ice-ufrag:${pwd}`);
    take((await janus.message(own.session, own.handle, { audio: true }, { type: 'offer', sdp })).jsep.sdp);
  }
  await destroy(own);
});

test('I4: nothing is answered without integrity, and never more than was sent', async () => {
  const own = await clients.negotiate(janus);
  const { ufrag, pwd } = own.remote;
  const username = `${ufrag}:abcd`;
  const socket = await udpSocket();
  const seen = await counterWatch(server);
  const unauthenticated = [
    message(1, []),
    bindingRequest({ username }),
    bindingRequest({ username, fingerprint: false }),
    bindingRequest({ username, password: 'wrongwrongwrongwrongwrong' }),
    bindingRequest({ username, password: `${pwd}x` }),
    bindingRequest({ username: ufrag, password: pwd }),
    bindingRequest({ username: `${ufrag}x:abcd`, password: pwd }),
    bindingRequest({ username: ':', password: pwd }),
    bindingRequest({ username: 'nobody:abcd', password: 'nobodynobodynobodynobody' }),
    bindingRequest({ password: pwd }),
    bindingRequest({ username, extra: [attribute(0x7fff)] }),
    bindingRequest({ username, type: 0x0011, password: pwd }), // an indication
    bindingRequest({ username, type: 0x0101, password: pwd }), // a success that nobody asked for
    bindingRequest({ username, type: 0x0111, password: pwd }),
    bindingRequest({ username, type: 0x0003, password: pwd }), // TURN's Allocate
  ];
  for (const bytes of unauthenticated) {
    await socket.send(bytes, server.mediaPort);
  }
  await seen.risen(dropped('stun_integrity'), 2);
  await seen.risen(dropped('stun_unknown_user'), 4);
  assert.deepEqual(socket.received, [], 'no byte for a stranger');

  // An error needs integrity too, and is no larger than its request.
  const refusedSize = socket.bytesOut;
  await socket.send(bindingRequest({ username, password: pwd, extra: Array.from({ length: 8 }, (_, i) => attribute(0x7f00 + i)) }), server.mediaPort);
  await sleep(200);
  assert.ok(socket.bytesIn <= socket.bytesOut - refusedSize, `${socket.bytesIn} bytes for ${socket.bytesOut - refusedSize}`);
  const errors = socket.received.splice(0);
  assert.ok(errors.every((bytes) => bytes.readUInt16BE(0) === 0x0111), 'errors only');

  // The test would pass with a dead port: an authentic check is answered, from the same socket.
  await socket.send(bindingRequest({ username, password: pwd }), server.mediaPort);
  await sleep(200);
  assert.ok(socket.received.some((bytes) => bytes.readUInt16BE(0) === 0x0101), 'the right password is answered');
  await socket.close();
  await destroy(own);
  await assertHealthy(server);
});

test('I5: malformed STUN, a table and 4,000 mutations, is dropped and counted', async () => {
  const own = await clients.negotiate(janus);
  const { ufrag, pwd } = own.remote;
  const good = bindingRequest({ username: `${ufrag}:abcd`, password: pwd });
  const socket = await udpSocket();
  const seen = await counterWatch(server);
  const withBytes = (change) => {
    const bytes = Buffer.from(good);
    change(bytes);
    return bytes;
  };
  const table = [
    good.subarray(0, 1),
    good.subarray(0, 8),
    good.subarray(0, 19),
    good.subarray(0, 20),
    good.subarray(0, good.length - 1),
    good.subarray(0, good.length - 4),
    Buffer.concat([good, Buffer.alloc(4)]),
    header(1, 4),
    header(1, 65_532),
    header(1, 3),
    Buffer.concat([header(1, 4), Buffer.from([0, 6, 0, 200])]),
    Buffer.concat([header(1, 8), attribute(attributeTypes.username, Buffer.alloc(4), 65_535)]),
    message(1, [attribute(attributeTypes.username, Buffer.alloc(0))]),
    message(1, [attribute(attributeTypes.username, Buffer.alloc(513, 'a'))]),
    message(1, [attribute(attributeTypes.messageIntegrity, Buffer.alloc(4))]),
    message(1, [attribute(attributeTypes.priority, Buffer.alloc(2))]),
    message(1, [attribute(attributeTypes.useCandidate, Buffer.alloc(4))]),
    message(1, [attribute(attributeTypes.iceControlled, Buffer.alloc(4))]),
    message(1, [attribute(attributeTypes.xorMappedAddress, Buffer.from([0, 9, 0, 0]))]),
    message(1, [attribute(attributeTypes.fingerprint, Buffer.alloc(4)), attribute(attributeTypes.priority, Buffer.alloc(4))]),
    message(1, Array.from({ length: 130 }, () => attribute(0x7fff))),
    message(1, [attribute(0x7fff, Buffer.alloc(1000))]),
    withBytes((bytes) => bytes.writeUInt32BE(0x2112a443, 4)),
    withBytes((bytes) => bytes.writeUInt16BE(bytes.length - 16, 2)),
    withBytes((bytes) => bytes.writeUInt16BE(bytes.length - 24, 2)),
    withBytes((bytes) => (bytes[bytes.length - 1] ^= 1)),
    withBytes((bytes) => (bytes[bytes.length - 12] ^= 1)),
  ];
  for (const bytes of table) {
    await socket.send(bytes, server.mediaPort);
  }
  const next = random(5);
  for (let i = 0; i < 4000; ++i) {
    const bytes = withBytes((copy) => {
      for (let n = 0; n <= next(4); ++n) {
        copy[next(copy.length)] = next(256);
      }
      copy[0] &= 3;
    });
    // One mutation in some hundreds changes nothing; that one may be answered.
    await socket.send(bytes.equals(good) ? bytes.subarray(0, 30) : next(3) === 0 ? bytes.subarray(0, next(bytes.length)) : bytes, server.mediaPort);
    if (i % 200 === 0) {
      await sleep(1);
    }
  }
  await seen.risen('cardea_media_received_packets_total', 4000);
  await sleep(1100); // media counters are told once a second
  const reasons = ['stun_malformed', 'stun_unknown_user', 'stun_integrity', 'stun_other', 'not_webrtc'];
  let sum = 0;
  for (const reason of reasons) {
    sum += await seen.diff(dropped(reason));
  }
  assert.equal(sum + socket.received.length, 4000 + table.length, 'each is dropped and counted, or was authentic');
  // What follows MESSAGE-INTEGRITY is not covered by it: a hit there alone leaves the message authentic.
  assert.ok(socket.received.length < 100, `${socket.received.length} answers to broken messages`);
  await socket.close();
  await destroy(own);
  await assertHealthy(server);
});

test('garbage of all first bytes from an unknown address is dropped, counted and not answered', async () => {
  const socket = await udpSocket();
  const seen = await counterWatch(server);
  let sent = 0;
  for (let first = 0; first < 256; ++first) {
    for (const size of [1, 2, 12, 20, 100, 1200]) {
      const bytes = randomBytes(size);
      bytes[0] = first;
      await socket.send(bytes, server.mediaPort);
      sent += 1;
    }
    if (first % 32 === 0) {
      await sleep(1);
    }
  }
  await socket.send(Buffer.alloc(0), server.mediaPort);
  await socket.send(Buffer.alloc(9000, 0x80), server.mediaPort);
  await seen.risen('cardea_media_received_packets_total', sent);
  await seen.risen('cardea_media_truncated_total');
  await sleep(1100);
  const sum =
    (await seen.diff(dropped('not_webrtc'))) + (await seen.diff(dropped('unknown_peer'))) + (await seen.diff(dropped('stun_unknown_user')));
  assert.ok(sum >= sent && sum <= sent + 2, `${sum} of ${sent} counted`);
  assert.deepEqual(socket.received, []);
  await socket.close();
  await assertHealthy(server);
});

/** The first flight of a DTLS 1.2 handshake: enough of a ClientHello to be taken for one. */
function clientHello() {
  const body = Buffer.concat([
    Buffer.from([0xfe, 0xfd]),
    randomBytes(32),
    Buffer.from([0, 0]), // no session, no cookie
    Buffer.from([0, 4, 0xc0, 0x2b, 0xc0, 0x2f]),
    Buffer.from([1, 0]),
    Buffer.from([0, 22, 0, 10, 0, 4, 0, 2, 0, 23, 0, 13, 0, 4, 0, 2, 4, 3, 0, 14, 0, 5, 0, 2, 0, 7]), // groups, signatures, use_srtp
    Buffer.from([0]),
  ]);
  const handshake = Buffer.concat([Buffer.from([1, 0, 0, body.length, 0, 0, 0, 0, 0, 0, 0, body.length]), body]);
  const record = Buffer.from([22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, handshake.length]);
  return Buffer.concat([record, handshake]);
}

/** Sends hellos from a few sockets, at so many a second, until `stop()`: how many were sent and heard. */
async function spray(perSecond) {
  const sockets = await Promise.all(Array.from({ length: 8 }, udpSocket));
  const began = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    for (const due = ((performance.now() - began) / 1000) * perSecond; sent < due; ++sent) {
      sockets[sent % sockets.length].send(clientHello(), server.mediaPort);
    }
  }, 5);
  return {
    async stop() {
      clearInterval(timer);
      await sleep(50);
      const heard = sockets.reduce((sum, { bytesIn }) => sum + bytesIn, 0);
      await Promise.all(sockets.map((socket) => socket.close()));
      return { sent, heard, seconds: (performance.now() - began) / 1000 };
    },
  };
}

test('M1: 30 calls connect while others send ClientHellos before them', async () => {
  const seen = await counterWatch(server);
  const foreign = await spray(2000);
  const calls = [];
  for (let i = 0; i < 30; ++i) {
    const own = await clients.negotiate(janus);
    calls.push({ own, up: clients.connect(own) });
  }
  await Promise.all(calls.map(({ up }) => up));
  const { sent, heard } = await foreign.stop();
  assert.equal(heard, 0, 'no flight to a stranger');
  assert.ok((await seen.risen(dropped('unknown_peer'), sent / 2)) <= sent);
  await waitForMetric(server, 'cardea_media_handshakes', (value) => value === 0);
  for (const { own } of calls) {
    await destroy(own);
  }
  await waitForMetric(server, 'cardea_media_peers', (value) => value === 0);
  await assertHealthy(server);
});

test('M1, I9: hellos and alerts from another port of the same host do not disturb a call', () =>
  withClient(async () => {
    const seen = await counterWatch(server);
    const socket = await udpSocket();
    const alert = Buffer.from([21, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2, 2, 40]);
    for (let i = 0; i < 100; ++i) {
      await socket.send(i % 2 ? alert : clientHello(), server.mediaPort);
    }
    await seen.risen(dropped('unknown_peer'), 100);
    assert.equal(socket.bytesIn, 0);
    await socket.close();
  }));

test('M2: 1,000 fake hellos a second cost less than a tenth of a core, and a peer connects', async () => {
  const foreign = await spray(1000);
  await sleep(200);
  const before = cpuMs(server.pid);
  const began = performance.now();
  await sleep(2000);
  const share = (cpuMs(server.pid) - before) / (performance.now() - began);
  assert.equal(await metric(server, 'cardea_media_handshakes'), 0, 'no state for a stranger');
  await withClient(() => {});
  const { sent, seconds } = await foreign.stop();
  assert.ok(sent / seconds > 800, `only ${sent / seconds} hellos a second were sent`);
  const most = isSanitized(server.pid) ? 0.3 : 0.1;
  assert.ok(share < most, `${(share * 100).toFixed(1)} % of a core`);
});

test('M4: replayed packets of a call are dropped and counted, and not echoed again', () =>
  withClient(
    async (own, relay) => {
      const seen = await counterWatch(server);
      const media = relay.sent.filter((bytes) => bytes[0] >= 128 && bytes[0] <= 191).slice(-50);
      assert.ok(media.length >= 20, `${media.length} packets on the way`);
      const forwarded = await metric(server, 'cardea_media_rtp_received_total');
      for (const bytes of media) {
        await relay.inject(bytes);
        await relay.inject(bytes);
      }
      await seen.risen(dropped('srtp_replay'), 2 * media.length);
      assert.ok(forwarded > 0);
    },
    { relayed: true },
  ));

test('M4: forged packets and packets cut short, from the address of a call, are dropped and counted', () =>
  withClient(
    async (own, relay) => {
      const seen = await counterWatch(server);
      const next = random(4);
      const media = relay.sent.filter((bytes) => bytes[0] >= 128 && bytes[0] <= 191).slice(-20);
      for (let i = 0; i < 500; ++i) {
        const bytes = Buffer.from(media[i % media.length]);
        if (i % 2) {
          bytes[12 + next(bytes.length - 12)] ^= 1 + next(255);
          bytes.writeUInt16BE((bytes.readUInt16BE(2) + 100 + i) & 0xffff, 2); // ahead of the replay window's end
        }
        await relay.inject(i % 2 ? bytes : bytes.subarray(0, next(bytes.length)));
      }
      await seen.risen(dropped('srtp_auth'), 250);
    },
    { relayed: true },
  ));

test('M5: random bytes that look like RTP and RTCP, from the address of a call, are dropped and counted', () =>
  withClient(
    async (own, relay) => {
      const seen = await counterWatch(server);
      const next = random(50);
      const count = 2000;
      for (let i = 0; i < count; ++i) {
        const bytes = randomBytes(2 + next(i % 20 ? 100 : 1400));
        bytes[0] = 128 + next(64);
        if (i % 3 === 0) {
          bytes[1] = 192 + next(32);
        }
        await relay.inject(bytes);
        if (i % 100 === 0) {
          await sleep(2);
        }
      }
      await sleep(1200);
      let sum = 0;
      for (const reason of ['srtp_auth', 'srtp_malformed', 'srtp_replay', 'ssrc_cap', 'rtp_malformed', 'rtcp_malformed']) {
        sum += await seen.diff(dropped(reason));
      }
      assert.ok(sum >= count, `${sum} of ${count} counted`);
    },
    { relayed: true },
  ));

test('garbage of all first bytes from the address of a call does not end it', () =>
  withClient(
    async (own, relay) => {
      const seen = await counterWatch(server);
      for (let first = 0; first < 256; ++first) {
        for (const size of [1, 13, 60]) {
          const bytes = randomBytes(size);
          bytes[0] = first;
          await relay.inject(bytes);
        }
      }
      await seen.risen(dropped('not_webrtc'), 3 * (16 + 64 + 64));
    },
    { relayed: true },
  ));

/** An RTP packet in the clear. */
function rtp({ ssrc, type = 96, sequence = 1, first = 0x80, rest = Buffer.alloc(50) }) {
  const head = Buffer.alloc(12);
  head[0] = first;
  head[1] = type;
  head.writeUInt16BE(sequence & 0xffff, 2);
  head.writeUInt32BE(ssrc, 8);
  return Buffer.concat([head, rest]);
}

test('M5: malformed RTP inside good SRTP is dropped and counted, and the media flow on', () =>
  withClient(async (own) => {
    const seen = await counterWatch(server);
    const ssrc = 777;
    const malformed = [
      rtp({ ssrc, first: 0xa0, rest: Buffer.alloc(50, 255) }), // padding longer than the packet
      rtp({ ssrc, first: 0xa0, rest: Buffer.alloc(50) }), // padding of 0
      rtp({ ssrc, first: 0xa0, rest: Buffer.alloc(0) }), // padding and nothing else
      rtp({ ssrc, first: 0x90, rest: Buffer.from('bedeffff00000000', 'hex') }), // extension longer than the packet
    ].map((bytes, i) => ((bytes[3] = i + 1), bytes));
    malformed.forEach((bytes) => clients.send(own, 'rtp', bytes));
    await seen.risen(dropped('rtp_malformed'), 1);
    // Extension elements that lie, empty payloads, and descriptors that end too soon: on a known stream.
    const next = random(55);
    for (let i = 0; i < 1500; ++i) {
      const extension = i % 2 ? Buffer.concat([Buffer.from(next(2) ? 'bede0002' : '10000002', 'hex'), randomBytes(8)]) : Buffer.alloc(0);
      const first = i % 2 ? 0x90 : 0x80;
      const type = [96, 111, 97, next(128)][i % 4] | (next(2) << 7);
      const bytes = rtp({ ssrc: 778 + (i % 10), type, sequence: i, first, rest: Buffer.concat([extension, randomBytes(next(12))]) });
      if ((bytes[1] & 0x7f) < 64 || (bytes[1] & 0x7f) > 95) {
        clients.send(own, 'rtp', bytes); // the others would be RTCP to the server
      }
      if (i % 100 === 0) {
        await sleep(5);
      }
    }
    await seen.risen('cardea_media_received_packets_total', 1000);
  }));

test('M4: a spray of SSRCs does not grow the state beyond its cap', () =>
  withClient(async (own) => {
    const seen = await counterWatch(server);
    for (let i = 0; i < 500; ++i) {
      clients.send(own, 'rtp', rtp({ ssrc: 100_000 + i, sequence: 1 }));
    }
    await seen.risen(dropped('ssrc_cap'), 400);
  }));

test('M5: malformed RTCP inside good SRTCP is dropped and counted, and the media flow on', () =>
  withClient(async (own) => {
    const seen = await counterWatch(server);
    const rtcp = (first, type, words, hex = '') => {
      const head = Buffer.from([first, type, words >> 8, words & 255]);
      return Buffer.concat([head, Buffer.from(hex, 'hex')]);
    };
    const sender = '00000309';
    const malformed = [
      rtcp(0x80, 201, 0xffff, sender), // longer than the datagram
      rtcp(0x9f, 201, 1, sender), // 31 report blocks, none there
      rtcp(0x9f, 200, 6, sender + '00'.repeat(20)), // 31 report blocks in a sender report
      rtcp(0x80, 200, 1, sender), // a sender report without its body
      rtcp(0x81, 202, 1, sender), // SDES: a chunk without items
      rtcp(0x81, 202, 2, `${sender}01ff4141`), // SDES: an item beyond the end
      rtcp(0x9f, 203, 1, sender), // BYE of 31 sources
      rtcp(0x81, 205, 1, sender), // NACK without media source
      rtcp(0x81, 205, 2, sender + sender), // NACK without FCI
      rtcp(0x8f, 205, 4, `${sender}${sender}00010000ffff0000`), // TWCC that announces 65,535 packets
      rtcp(0x8f, 205, 5, `${sender}${sender}0001ffff00000000ffffffff`),
      rtcp(0x8f, 206, 4, `${sender}${sender}52454d42ff000000`), // REMB of 255 SSRCs, none there
      rtcp(0x8f, 206, 3, `${sender}${sender}52454d42`), // REMB without body
      rtcp(0x84, 206, 3, `${sender}${sender}00000000`), // FIR cut in half
      rtcp(0x80, 207, 2, `${sender}0400ffff`), // XR block beyond the end
      rtcp(0x80, 207, 3, `${sender}0500000100000000`), // XR: DLRR of wrong size
      rtcp(0xa0, 201, 2, `${sender}000000ff`), // padding of 255
      rtcp(0xa0, 201, 2, `${sender}00000000`), // padding of 0
      rtcp(0x00, 201, 1, sender), // version 0
      Buffer.concat([rtcp(0x80, 201, 1, sender), rtcp(0x81, 205, 100, '00')]), // a compound whose second is cut
    ];
    malformed.forEach((bytes) => clients.send(own, 'rtcp', bytes));
    await seen.risen(dropped('rtcp_malformed'), 5);
    const next = random(56);
    for (let i = 0; i < 1500; ++i) {
      const body = Buffer.concat([Buffer.from(sender, 'hex'), randomBytes(4 * next(12))]); // one sender: not the cap on SSRCs
      const words = next(4) ? body.length / 4 : next(20);
      clients.send(own, 'rtcp', Buffer.concat([rtcp(0x80 | next(32), 200 + next(8), words), body]));
      if (i % 100 === 0) {
        await sleep(5);
      }
    }
    await seen.risen(dropped('rtcp_malformed'), 100);
  }));

test('M7: a storm of NACKs and PLIs does not become a storm to the publisher', () =>
  withClient(async (own) => {
    const seen = await counterWatch(server);
    // The SSRC under which the server sends this client its own video.
    const ssrc = Number(own.answer.match(/m=video[^]*?a=ssrc:(\d+)/)[1]);
    const words = (...values) => Buffer.concat(values.map((value) => { const out = Buffer.alloc(4); out.writeUInt32BE(value >>> 0); return out; }));
    const pli = Buffer.concat([Buffer.from([0x81, 206, 0, 2]), words(1, ssrc)]);
    const nack = Buffer.concat([Buffer.from([0x81, 205, 0, 3]), words(1, ssrc, 0x0064ffff)]);
    const began = performance.now();
    for (let i = 0; i < 1000; ++i) {
      clients.send(own, 'rtcp', i % 2 ? pli : nack);
    }
    await seen.risen('cardea_media_keyframes_wanted_total', 300);
    const seconds = (performance.now() - began) / 1000 + 1.2;
    await sleep(1200);
    const requests = await seen.diff('cardea_media_keyframe_requests_total');
    assert.ok(requests >= 1 && requests <= 2 * seconds + 2, `${requests} key frame requests in ${seconds} s`);
    const resent = await seen.diff('cardea_media_retransmissions_total');
    const asked = await seen.diff('cardea_media_nacks_received_total');
    assert.ok(asked > 3000, `${asked} asked for`);
    assert.ok(resent < asked / 10, `${resent} of ${asked} sent again`);
  }));
