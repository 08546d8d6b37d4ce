// WebSockets and event streams of modules: refused by HTTP before the handshake, and by whom they may be opened.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import WebSocket from 'ws';
import { buildFolder, startServer } from '../support/server.mjs';
import { until } from '../support/stores.mjs';

let server;

before(async () => {
  server = await startServer({
    env: {
      CARDEA_MODULES_PATHS: join(buildFolder(), 'lib', 'tests', 'rest'),
      CARDEA_MODULES_DISABLE: 'auth,rooms',
      CARDEA_HTTP_CORS_ORIGINS: 'https://app.example.org',
      CARDEA_LIMITS_GLOBAL_PER_MINUTE: '0',
    },
  });
});
after(() => server.stop());

const address = (path) => server.httpUrl.replace('http', 'ws') + path;

/** @returns `socket`, `next()`: the next message, `closed`: its code and reason; or the refusal as an HTTP answer. */
function open(path, options = {}) {
  const socket = new WebSocket(address(path), options);
  const heard = [];
  const waiting = [];
  socket.on('message', (data) =>
    waiting.length ? waiting.shift()(String(data)) : heard.push(String(data)),
  );
  const closed = new Promise((resolve) =>
    socket.on('close', (code, reason) => resolve([code, String(reason)])),
  );
  const next = () =>
    heard.length ? Promise.resolve(heard.shift()) : new Promise((resolve) => waiting.push(resolve));
  return new Promise((resolve, reject) => {
    socket.on('open', () => resolve({ socket, next, closed }));
    socket.on('error', reject);
    socket.on('unexpected-response', async (request, response) => {
      let text = '';
      for await (const piece of response) {
        text += piece;
      }
      resolve({ status: response.statusCode, headers: response.headers, body: JSON.parse(text) });
    });
  });
}
const push = async (text = '') =>
  (
    await fetch(`${server.httpUrl}/api/v1/push`, {
      method: 'POST',
      body: JSON.stringify({ text }),
      headers: { 'Content-Type': 'application/json', Authorization: 'Bearer user:alice' },
    })
  ).json();

test('a socket speaks with its module and is closed with the reason that the module gives', async () => {
  const alice = await open('/api/v1/socket?token=user:alice');
  assert.equal(await alice.next(), 'hello alice');
  alice.socket.send('one');
  assert.equal(await alice.next(), 'you said one');
  assert.equal((await push()).sockets, 1);
  alice.socket.send('bye');
  assert.deepEqual(await alice.closed, [1008, 'as you wish']);
  await until('the socket is forgotten', async () => (await push()).sockets === 0);
});

test('API-04 who may not open it gets an HTTP answer instead of the handshake', async () => {
  const nobody = await open('/api/v1/socket');
  assert.equal(nobody.status, 401);
  assert.equal(nobody.body.code, 'unauthorized');
  assert.equal(nobody.headers['content-type'], 'application/problem+json');
  assert.equal(nobody.headers['x-content-type-options'], 'nosniff');
  assert.equal((await open('/api/v1/socket?token=nonsense')).body.code, 'invalid_token');
  assert.equal((await open('/api/v1/socket?token=user%3Abanned')).body.code, 'banned');
  assert.equal((await open('/api/v1/nothing?token=user:alice')).status, 404);
  const header = await open('/api/v1/socket', { headers: { Authorization: 'Bearer user:bob' } });
  assert.equal(await header.next(), 'hello bob');
  header.socket.terminate();
  const plain = await fetch(`${server.httpUrl}/api/v1/socket?token=user:alice`);
  assert.equal(plain.status, 426);
  await until('the sockets are forgotten', async () => (await push()).sockets === 0);
});

test('S1 pages of other origins open no sockets of modules', async () => {
  const from = (origin) => open('/api/v1/socket?token=user:alice', { origin });
  for (const origin of [
    'https://evil.org',
    'null',
    'https://app.example.org.evil.org',
    `${server.httpUrl}.evil.org`,
  ]) {
    assert.equal((await from(origin)).status, 403, origin);
  }
  for (const origin of [server.httpUrl, 'https://app.example.org']) {
    const own = await from(origin);
    assert.equal(await own.next(), 'hello alice');
    own.socket.close();
    await own.closed;
  }
});

test('the Janus API goes on beside them on the same port', async () => {
  const janus = new WebSocket(address('/janus'), 'janus-protocol');
  const answer = new Promise((resolve) => janus.on('message', (data) => resolve(JSON.parse(data))));
  janus.on('open', () => janus.send(JSON.stringify({ janus: 'ping', transaction: 'x' })));
  assert.equal((await answer).janus, 'pong');
  janus.close();
});

test('an event stream carries what its module writes until the client leaves', async () => {
  const leave = new AbortController();
  const answer = await fetch(`${server.httpUrl}/api/v1/stream?token=user:alice`, {
    signal: leave.signal,
  });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('content-type'), 'text/event-stream');
  assert.ok(answer.headers.get('x-request-id'));
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  assert.equal((await reader.read()).value, ':ok\n\n');
  assert.equal((await push('hello')).streams, 1);
  assert.equal((await reader.read()).value, 'data: hello\n\n');
  leave.abort();
  await until('the stream is forgotten', async () => (await push()).streams === 0);
});
