// Clients that send too much, too slowly or do not read, against the whole server (threats S3, S4, S10 to S13, S16). The same
// transports against each case of its own: transports_*.test.mjs.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import WebSocket from 'ws';
import { assertHealthy, counterWatch, isSanitized, peakGrowth } from '../support/metrics.mjs';
import { sleep } from '../support/process.mjs';
import { RawJanus } from '../support/raw_janus.mjs';
import { promptFrees, startServer } from '../support/server.mjs';
import { frame, opcodes, rawSocket, rawWebSocket, within } from '../support/transport_harness.mjs';

const mebibyte = 1 << 20;
const cap = mebibyte; // websocket.max_message_jsep and http.max_body_jsep
const slowTimeout = 4;
/** Growth that a test allows: some is the allocator's, and more is AddressSanitizer's. */
const allowed = (bytes) => bytes + (isSanitized(server.pid) ? 4 : 1) * mebibyte;

let server;
let websocketPort;
let httpPort;
before(async () => {
  server = await startServer({
    env: {
      ...promptFrees,
      CARDEA_WEBSOCKET_HANDSHAKE_TIMEOUT: String(slowTimeout),
      CARDEA_WEBSOCKET_PARTIAL_MESSAGE_TIMEOUT: '2',
      CARDEA_HTTP_HEADER_TIMEOUT: String(slowTimeout),
    },
  });
  websocketPort = Number(new URL(server.websocketUrl).port);
  httpPort = Number(new URL(server.httpUrl).port);
});
after(() => server.stop());

const transportEvent = (module, event) => `cardea_transport_events_total{event="${event}",module="${module}"}`;

/** Latencies of another client's requests in ms, until `stop()`: `{ median, worst }`. */
async function bystander(intervalMs = 20, target = server) {
  const client = await RawJanus.connect(target.websocketUrl);
  const times = [];
  let going = true;
  const done = (async () => {
    while (going) {
      const began = performance.now();
      const { message } = await client.ask('{"janus":"ping","transaction":"bystander"}');
      assert.equal(message.janus, 'pong');
      times.push(performance.now() - began);
      await sleep(intervalMs);
    }
  })();
  return {
    async stop() {
      going = false;
      await done;
      await client.close();
      times.sort((a, b) => a - b);
      return { median: times[times.length >> 1], worst: times.at(-1), count: times.length };
    },
  };
}

/** Writes until the server closes, or so many bytes are out, as fast as it reads. */
async function pour(raw, first, chunk, bytes) {
  let closed = false;
  raw.closed.then(() => (closed = true));
  raw.write(first);
  for (let sent = 0; !closed && sent < bytes; sent += chunk.length) {
    if (!raw.write(chunk)) {
      await Promise.race([raw.closed, new Promise((resolve) => raw.socket.once('drain', resolve))]);
    }
    await new Promise((resolve) => setImmediate(resolve)); // or nothing else would ever run here
  }
}

test('S3: WebSocket messages of 1 to 64 MiB are closed with 1009 before they are stored', async () => {
  const seen = await counterWatch(server);
  const sizes = [1, 4, 16, 64];
  for (const size of sizes) {
    const growth = peakGrowth(server.pid);
    const client = await rawWebSocket(websocketPort);
    const length = size * mebibyte + 100;
    await pour(client, frame(opcodes.text, '{"jsep":"', { declared: length }), Buffer.alloc(65_536, 'x'), length);
    assert.equal(await client.closeCode(), 1009, `${size} MiB`);
    assert.ok(growth() < allowed(2 * cap), `${size} MiB: memory grew by ${growth()} bytes`);
    client.end();
  }
  await seen.risen(transportEvent('websocket', 'too_big'), sizes.length);
  await assertHealthy(server);
});

test('S3: HTTP bodies of 1 to 64 MiB get 413 before they are stored, with and without a length', async () => {
  const seen = await counterWatch(server);
  const sizes = [1, 4, 16, 64];
  const chunked = 'POST /janus HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{"jsep":"\r\n';
  const chunk = Buffer.from(`10000\r\n${'x'.repeat(0x10000)}\r\n`);
  for (const size of sizes) {
    const growth = peakGrowth(server.pid);
    const length = size * mebibyte + 100;
    const declared = rawSocket(httpPort);
    const head = `POST /janus HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n`;
    // Up to sixteen times the cap is read and thrown away before the answer; more is refused by its length alone.
    await pour(declared, head, Buffer.alloc(length / 4, 'x'), size < 16 ? length : 0);
    await declared.waitFor(/^HTTP\/1\.1 413/);
    declared.end();
    // A client that goes on sending gets a reset; the answer may be lost with it.
    const endless = rawSocket(httpPort);
    await pour(endless, chunked, chunk, Infinity);
    assert.match(endless.heard().toString('latin1'), /^($|HTTP\/1\.1 413)/);
    assert.ok(growth() < allowed(2 * cap), `${size} MiB: memory grew by ${growth()} bytes`);
  }
  const whole = rawSocket(httpPort);
  await pour(whole, chunked, chunk, 17 * 0x10000);
  whole.write('0\r\n\r\n');
  await whole.waitFor(/^HTTP\/1\.1 413/);
  whole.end();
  await seen.risen(transportEvent('http', 'too_big'), 2 * sizes.length + 1);
  await assertHealthy(server);
});

test('S4: fragments without end are closed with 1009, stalled ones with 1008, and both are counted', async () => {
  const seen = await counterWatch(server);
  const other = await bystander();
  const growth = peakGrowth(server.pid);
  const endless = await rawWebSocket(websocketPort);
  const piece = frame(opcodes.continuation, 'x'.repeat(60_000), { fin: false });
  await pour(endless, frame(opcodes.text, '{"jsep":"', { fin: false }), piece, 64 * mebibyte);
  assert.equal(await endless.closeCode(), 1009);
  assert.ok(growth() < allowed(2 * cap), `memory grew by ${growth()} bytes`);
  endless.end();

  // Frames of one byte: their sum is what counts, and the time that they take.
  const crumbs = await rawWebSocket(websocketPort);
  crumbs.write(frame(opcodes.text, '{', { fin: false }));
  const dripping = setInterval(() => crumbs.write(frame(opcodes.continuation, ' ', { fin: false })), 50);
  assert.equal(await crumbs.closeCode(), 1008);
  clearInterval(dripping);
  crumbs.end();

  // Frames of no byte at all never reach the cap.
  const empty = await rawWebSocket(websocketPort);
  const nothing = frame(opcodes.continuation, '', { fin: false });
  const burst = Buffer.concat(Array.from({ length: 1000 }, () => nothing));
  empty.write(frame(opcodes.text, '', { fin: false }));
  const flooding = setInterval(() => empty.write(burst), 20);
  assert.equal(await empty.closeCode(), 1008);
  clearInterval(flooding);
  empty.end();

  await seen.risen(transportEvent('websocket', 'too_big'));
  await seen.risen(transportEvent('websocket', 'partial_message_timeout'));
  const { median } = await other.stop();
  assert.ok(median < 50, `others waited ${median} ms`);
  await assertHealthy(server);
});

test('S4: a flood of pings is closed with 1008 and counted', async () => {
  const seen = await counterWatch(server);
  const other = await bystander();
  const client = await rawWebSocket(websocketPort);
  const burst = Buffer.concat(Array.from({ length: 500 }, () => frame(opcodes.ping, 'x'.repeat(60))));
  const flood = setInterval(() => client.write(burst), 50);
  try {
    assert.equal(await client.closeCode(10_000), 1008);
  } finally {
    clearInterval(flood);
    client.end();
  }
  await seen.risen(transportEvent('websocket', 'ping_flood'));
  const { median } = await other.stop();
  assert.ok(median < 50, `others waited ${median} ms`);
});

test('S10: a connection that sends too many messages is told so, and others are not', async () => {
  const seen = await counterWatch(server);
  const client = await RawJanus.connect(server.websocketUrl);
  for (let i = 0; i < 400; ++i) {
    client.send(`{"janus":"ping","transaction":"${i}"}`);
  }
  const answers = [];
  for (let i = 0; i < 400; ++i) {
    answers.push((await client.next()).message);
  }
  const refused = answers.filter(({ janus }) => janus === 'error');
  assert.ok(refused.length > 100 && refused.length <= 200, `${refused.length} of 400 refused`);
  assert.equal(refused[0].error.code, 490);
  assert.equal(await seen.diff('cardea_limit_hits_total{limit="messages_per_second"}'), refused.length);
  const other = await RawJanus.connect(server.websocketUrl);
  assert.equal((await other.ask('{"janus":"ping","transaction":"other"}')).message.janus, 'pong');
  await other.close();
  await client.close();
});

test('S11: a slow reader is closed with 1008 and a line in the log; memory stays flat, others do not notice', async () => {
  // Without the rate limit, which would keep the reader from asking for as much as it does not read.
  const open = await startServer({ env: { ...promptFrees, CARDEA_LIMITS_ENABLED: 'no' } });
  try {
    const seen = await counterWatch(open);
    const calm = await bystander(20, open);
    await sleep(500);
    const before = await calm.stop();
    const other = await bystander(20, open);
    const slow = await rawWebSocket(Number(new URL(open.websocketUrl).port));
    slow.socket.pause();
    const growth = peakGrowth(open.pid);
    const greedy = frame(opcodes.text, '{"janus":"info","transaction":"slow"}'.repeat(20)); // some 40 KiB of answers
    const asking = setInterval(() => slow.write(greedy), 20);
    await seen.risen(transportEvent('websocket', 'slow_reader'), 1, 15_000);
    clearInterval(asking);
    assert.match(open.log(), /slow reader 127\.0\.0\.1/);
    slow.socket.resume();
    assert.equal(await slow.closeCode(), 1008);
    slow.end();
    const { median, count } = await other.stop();
    assert.ok(count > 5, `${count} requests of others`);
    assert.ok(median < before.median + 20, `median ${median} ms, ${before.median} ms before`);
    assert.ok(growth() < allowed(8 * mebibyte), `memory grew by ${growth()} bytes`);
    await assertHealthy(open);
  } finally {
    await open.stop();
  }
});

test('S12: 900 slow sockets are gone in time, while WebSocket and HTTP answer others', { timeout: 40_000 }, async () => {
  const seen = await counterWatch(server);
  const head = 'GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n';
  const slow = Array.from({ length: 900 }, (_, i) =>
    rawSocket(i % 3 === 0 ? httpPort : websocketPort, {
      localAddress: `127.0.2.${1 + (i % 5)}`,
      // Silent, half a request line, half a head.
      text: ['', 'GET / HT', head][i % 7 % 3],
    }),
  );
  const dripping = setInterval(() => slow.forEach(({ socket }, i) => i % 2 && socket.writable && socket.write('X')), 500);
  const other = await bystander(40);
  const times = [];
  for (let i = 0; i < 20; ++i) {
    const began = performance.now();
    await assertHealthy(server);
    times.push((performance.now() - began) / 3); // three requests
    await sleep(50);
  }
  times.sort((a, b) => a - b);
  const { median } = await other.stop();
  assert.ok(times[10] < 50, `HTTP median ${times[10]} ms`);
  assert.ok(median < 50, `WebSocket median ${median} ms`);
  await within(Promise.all(slow.map(({ closed }) => closed)), 15_000, 'slow sockets still open');
  clearInterval(dripping);
  await seen.risen(transportEvent('websocket', 'handshake_timeout'), 300);
  await assertHealthy(server);
});

test('S13: a session has one poll: a second one ends the first, an abandoned one is freed, and the end answers the last', async () => {
  const post = async (path, body) =>
    (await fetch(`${server.httpUrl}/janus${path}`, { method: 'POST', body: JSON.stringify({ transaction: 't', ...body }) })).json();
  const session = `/${(await post('', { janus: 'create' })).data.id}`;
  const url = `${server.httpUrl}/janus${session}`;
  const poll = async (options) => (await fetch(url, options)).json();
  const piled = Array.from({ length: 20 }, () => poll());
  const ended = new Set();
  piled.forEach((each, i) => each.then(({ janus }) => ended.add(i) && assert.equal(janus, 'keepalive')));
  for (const until = Date.now() + 10_000; ended.size < 19; await sleep(20)) {
    assert.ok(Date.now() < until, `${ended.size} of 19 have ended`);
  }
  const seen = await counterWatch(server);
  const gone = new AbortController();
  const abandoned = poll({ signal: gone.signal }).catch((error) => error.name);
  await Promise.all(piled);
  gone.abort();
  assert.equal(await abandoned, 'AbortError');
  await seen.risen(transportEvent('http', 'abandoned'), 1, 15_000);
  const last = poll();
  const handle = (await post(session, { janus: 'attach', plugin: 'janus.plugin.echotest' })).data.id;
  await post(`${session}/${handle}`, { janus: 'message', body: { audio: true } });
  assert.equal((await last).plugindata.data.result, 'ok');
  const parked = poll();
  assert.equal((await post(session, { janus: 'destroy' })).janus, 'success');
  assert.ok((await within(parked, 10_000, 'the parked poll')).janus);
  await assertHealthy(server);
});

test('S16: a compression bomb is not inflated, because compression is never agreed on', async () => {
  const socket = new WebSocket(server.websocketUrl, 'janus-protocol', { perMessageDeflate: { threshold: 0 } });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  assert.equal(socket.extensions, '');
  socket.close();
  const raw = await rawWebSocket(websocketPort);
  raw.write(frame(opcodes.text, Buffer.alloc(1000), { reserved: 0x40 })); // RSV1: compressed
  const code = await raw.closeCode();
  assert.ok(code === 1002 || code === 'eof', String(code));
  raw.end();
});
