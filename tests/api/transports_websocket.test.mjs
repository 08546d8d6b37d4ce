// The WebSocket transport against clients of good and of ill will (threats S3, S4, S11, S12, S14).
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import WebSocket from 'ws';
import { sleep } from '../support/process.mjs';
import {
  frame,
  harnessOnly,
  opcodes,
  rawSocket,
  rawWebSocket,
  startTransport,
  within,
} from '../support/transport_harness.mjs';

let target;
before(async () => {
  target = await startTransport('websocket', { handshake_timeout: 2, partial_message_timeout: 2 });
});
after(() => target.stop());

async function open(port, options = {}) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, 'janus-protocol', options);
  const messages = [];
  const waiting = [];
  socket.on('message', (data) => {
    const text = data.toString();
    (waiting.shift() ?? ((late) => messages.push(late)))(text);
  });
  const closed = new Promise((resolve) => socket.once('close', (code, reason) => resolve({ code, reason: String(reason) })));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const next = () => (messages.length > 0 ? Promise.resolve(messages.shift()) : new Promise((take) => waiting.push(take)));
  const ping = async (transaction) => {
    socket.send(JSON.stringify({ janus: 'ping', transaction }));
    return JSON.parse(await within(next(), 5000, 'answer')).transaction;
  };
  return { socket, closed, next, ping };
}

async function refusal(protocols) {
  const socket = new WebSocket(`ws://127.0.0.1:${target.port}`, protocols);
  return new Promise((resolve) => socket.once('open', () => resolve(null)).once('error', resolve));
}

const bigText = (size, key) => `{"janus":"ping","transaction":"big","${key}":"${'x'.repeat(size)}"}`;

test('janus-protocol is agreed on, without compression', async () => {
  const { socket, ping } = await open(target.port, { perMessageDeflate: true });
  assert.equal(socket.protocol, 'janus-protocol');
  assert.equal(socket.extensions, '');
  assert.equal(await ping('hello'), 'hello');
  socket.close();
});

test('a client without a subprotocol, or with another one, is refused', async () => {
  assert.ok(await refusal([]));
  assert.ok(await refusal(['chat']));
  assert.equal(await refusal(['chat', 'janus-protocol']), null);
});

test('texts are answered in order', async () => {
  const { socket, next } = await open(target.port);
  for (let i = 0; i < 200; ++i) {
    socket.send(JSON.stringify({ janus: 'ping', transaction: String(i) }));
    if (i % 50 === 49) {
      await sleep(500); // below the server's message rate
    }
  }
  for (let i = 0; i < 200; ++i) {
    assert.equal(JSON.parse(await within(next(), 5000, 'answer')).transaction, String(i));
  }
  socket.close();
});

test('S3: a message over its limit is closed with 1009, one within is answered', async () => {
  for (const [size, key, closes] of [
    [200_000, 'x', false],
    [263_000, 'x', true],
    [1_000_000, 'jsep', false],
    [1_050_000, 'jsep', true],
    [8_000_000, 'jsep', true],
  ]) {
    const { socket, closed, next } = await open(target.port);
    socket.on('error', () => {});
    socket.send(bigText(size, key));
    if (closes) {
      assert.equal((await within(closed, 5000, 'close')).code, 1009, `${size} bytes`);
    } else {
      assert.match(await within(next(), 5000, 'answer'), /"transaction": ?"big"/, `${size} bytes`);
      socket.close();
    }
  }
});

test('S3: a frame that announces 256 MiB is refused before it is stored', async () => {
  const resident = target.rss();
  const client = await rawWebSocket(target.port);
  client.write(frame(opcodes.text, 'x'.repeat(60_000), { declared: 256 << 20 }));
  assert.equal(await client.closeCode(), 1009);
  assert.ok(target.rss() - resident < 8 << 20, 'memory grew');
  client.end();
});

test('S4: fragments count together, and a message without end is closed with 1009', async () => {
  const client = await rawWebSocket(target.port);
  client.write(frame(opcodes.text, 'x'.repeat(60_000), { fin: false }));
  for (let i = 0; i < 20; ++i) {
    client.write(frame(opcodes.continuation, 'x'.repeat(60_000), { fin: false }));
  }
  assert.equal(await client.closeCode(), 1009);
  client.end();
});

test('S4: a message in frames of one byte with a ping between them is answered whole', async () => {
  const client = await rawWebSocket(target.port);
  const text = '{"janus":"ping","transaction":"pieces"}';
  [...text].forEach((character, i) => {
    client.write(frame(i === 0 ? opcodes.text : opcodes.continuation, character, { fin: i === text.length - 1 }));
    if (i === 5) {
      client.write(frame(opcodes.ping, 'are you there'));
    }
  });
  await client.waitFor(/"transaction": ?"pieces"/);
  const pong = client.frames().find(({ opcode }) => opcode === opcodes.pong);
  assert.equal(pong.payload.toString(), 'are you there');
  client.end();
});

test('S4: a message that stalls is closed with 1008', async () => {
  const client = await rawWebSocket(target.port);
  client.write(frame(opcodes.text, '{"janus"', { fin: false }));
  assert.equal(await client.closeCode(), 1008);
  client.end();
});

test('S4: a flood of pings is closed with 1008', async () => {
  const client = await rawWebSocket(target.port);
  const burst = Buffer.concat(Array.from({ length: 500 }, () => frame(opcodes.ping, 'x'.repeat(60))));
  const flood = setInterval(() => client.write(burst), 50);
  try {
    assert.equal(await client.closeCode(10_000), 1008);
  } finally {
    clearInterval(flood);
    client.end();
  }
});

test('S4: frames against RFC 6455 end the connection', async () => {
  for (const [what, bytes] of [
    ['ping of 126 bytes', frame(opcodes.ping, 'x'.repeat(126))],
    ['fragmented ping', frame(opcodes.ping, 'x', { fin: false })],
    ['reserved opcode', frame(3, 'x')],
    ['reserved bit', frame(opcodes.text, '{}', { reserved: 0x40 })],
    ['continuation of nothing', frame(opcodes.continuation, '{}')],
  ]) {
    const client = await rawWebSocket(target.port);
    client.write(bytes);
    const code = await client.closeCode();
    assert.ok(code === 'eof' || code === 1002, `${what}: ${code}`);
    client.end();
  }
});

test('a binary message is closed with 1003', async () => {
  const { socket, closed } = await open(target.port);
  socket.send(Buffer.from('{}'));
  assert.equal((await within(closed, 5000, 'close')).code, 1003);
});

test('S14: what is no upgrade is refused and closed', async () => {
  for (const [what, text] of [
    ['a page', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['garbage', `${'\x00\xff'.repeat(50)}\r\n\r\n`],
    ['a head of 40 KiB', `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(40_000)}\r\n\r\n`],
    ['a post', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}'],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
  ]) {
    const heard = await within(rawSocket(target.port, { text }).closed, 6000, what);
    assert.doesNotMatch(heard.toString('latin1'), /^HTTP\/1\.1 [123]/, what);
  }
});

test('S12: 1,000 slow handshakes are cut in time, and others do not notice', { timeout: 60_000 }, async () => {
  const head = 'GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n';
  const slow = Array.from({ length: 1000 }, (_, i) =>
    rawSocket(target.port, { localAddress: `127.0.1.${1 + (i % 5)}`, text: head }),
  );
  const dripping = setInterval(() => slow.forEach(({ socket }) => socket.writable && socket.write('X')), 500);
  const { socket, ping } = await open(target.port);
  const times = [];
  for (let i = 0; i < 20; ++i) {
    const began = performance.now();
    await ping(String(i));
    times.push(performance.now() - began);
    await sleep(50);
  }
  times.sort((a, b) => a - b);
  assert.ok(times[10] < 50, `median ${times[10]} ms`);
  await within(Promise.all(slow.map(({ closed }) => closed)), 15_000, 'slow handshakes still open');
  clearInterval(dripping);
  socket.close();
});

test('connections over the cap of an address are refused, others are not', async () => {
  const capped = await startTransport('websocket', { max_connections_per_address: 3 });
  const kept = await Promise.all([1, 2, 3].map(() => open(capped.port)));
  await assert.rejects(open(capped.port));
  const other = await rawWebSocket(capped.port, { localAddress: '127.0.1.9' });
  kept[0].socket.close();
  await kept[0].closed;
  await sleep(200);
  const again = await open(capped.port);
  again.socket.close();
  other.end();
  await capped.stop();
});

test('a client that answers no ping is dropped after the timeout', async () => {
  const quick = await startTransport('websocket', { ping_interval: 1, ping_timeout: 3 });
  const silent = await rawWebSocket(quick.port);
  const alive = await open(quick.port);
  const began = Date.now();
  await within(silent.closed, 8000, 'the end of the silent client');
  assert.ok(Date.now() - began > 2000);
  assert.ok(silent.frames().some(({ opcode }) => opcode === opcodes.ping));
  assert.equal(await alive.ping('still here'), 'still here');
  alive.socket.close();
  await quick.stop();
});

test('S11: a slow reader is closed with a line in the log, memory stays flat, others are served', harnessOnly, async () => {
  const slow = await rawWebSocket(target.port);
  const other = await open(target.port);
  slow.socket.pause();
  const resident = target.rss();
  for (let i = 0; i < 10; ++i) {
    slow.write(frame(opcodes.text, '{"harness":"flood","count":500,"size":20000}'));
  }
  assert.equal(await other.ping('during'), 'during');
  await target.waitFor(({ event, text }) => event === 'log' && /slow reader 127\.0\.0\.1/.test(text));
  const slowId = target.events().findLast(({ event, text }) => event === 'message' && /flood/.test(text)).client;
  await target.waitFor(({ event, client }) => event === 'closed' && client === slowId);
  assert.ok(target.rss() - resident < 64 << 20, 'memory grew');
  assert.equal(await other.ping('after'), 'after');
  other.socket.close();
  slow.end();
});

test('a slow reader that wakes up reads 1008', harnessOnly, async () => {
  const slow = await rawWebSocket(target.port);
  slow.socket.pause();
  slow.write(frame(opcodes.text, '{"harness":"flood","count":2000,"size":20000}'));
  await sleep(700);
  slow.socket.resume();
  assert.equal(await slow.closeCode(), 1008);
  slow.end();
});

test('texts sent before close() arrive before the close frame, with its code and reason', harnessOnly, async () => {
  const { socket, closed, next } = await open(target.port);
  socket.send('{"harness":"close","code":4001}');
  assert.equal(await within(next(), 3000, 'text'), 'last words');
  assert.deepEqual(await within(closed, 3000, 'close'), { code: 4001, reason: 'as asked' });
});

test('a host that cannot take a message closes with 1013', harnessOnly, async () => {
  const { socket, closed } = await open(target.port);
  target.order({ busy: true });
  await sleep(100);
  socket.send('{}');
  assert.equal((await within(closed, 3000, 'close')).code, 1013);
  target.order({ busy: false });
  await sleep(100);
});

test('an IPv4 client of an IPv6 socket has an IPv4 address', harnessOnly, async () => {
  const both = await startTransport('websocket', { address: '::' });
  const { socket } = await open(both.port);
  assert.equal((await both.waitFor(({ event }) => event === 'opened')).address, '127.0.0.1');
  socket.close();
  await both.stop();
});

test('drain takes no new client and keeps the old one', harnessOnly, async () => {
  const draining = await startTransport('websocket');
  const { socket, ping } = await open(draining.port);
  draining.order({ drain: true });
  await draining.waitFor(({ event }) => event === 'obeyed');
  await sleep(100);
  await assert.rejects(open(draining.port));
  assert.equal(await ping('old'), 'old');
  socket.close();
  await draining.stop();
});

test('without descriptors accepting pauses, old clients are served, and it recovers', async () => {
  const poor = await startTransport('websocket');
  const { socket, ping } = await open(poor.port);
  await ping('warm'); // UBSan opens a pipe when it sees a type for the first time
  const used = Number(spawnSync('sh', ['-c', `ls /proc/${poor.pid}/fd | wc -l`], { encoding: 'utf8' }).stdout);
  spawnSync('prlimit', [`--pid=${poor.pid}`, `--nofile=${used + 5}:4096`]);
  const crowd = Array.from({ length: 40 }, () => rawSocket(poor.port));
  await sleep(500);
  const before = cpuTicks(poor.pid);
  await sleep(1500);
  assert.ok(cpuTicks(poor.pid) - before < 50, 'spins');
  assert.equal(await ping('served'), 'served');
  crowd.forEach((client) => client.end());
  await sleep(2500);
  const late = await open(poor.port);
  assert.equal(await late.ping('late'), 'late');
  late.socket.close();
  socket.close();
  await poor.stop();
});

/** CPU time of a process in 1/100 s. */
function cpuTicks(pid) {
  const stat = spawnSync('cat', [`/proc/${pid}/stat`], { encoding: 'utf8' }).stdout.split(') ')[1].split(' ');
  return Number(stat[11]) + Number(stat[12]);
}

test('the end of the server is a close frame with 1001 for each client', async () => {
  const ending = await startTransport('websocket');
  const clients = await Promise.all(Array.from({ length: 20 }, () => open(ending.port)));
  const stopped = ending.stop();
  for (const { closed } of clients) {
    assert.equal((await within(closed, 5000, 'close')).code, 1001);
  }
  await within(stopped, 5000, 'end');
});
