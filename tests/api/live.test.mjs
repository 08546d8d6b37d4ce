// Live events: sockets and streams, who may have how many, silence, and coming back without loss.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import WebSocket from 'ws';
import { sleep } from '../support/process.mjs';
import { buildFolder, startServer } from '../support/server.mjs';
import { until } from '../support/stores.mjs';

// The identity is that of a module for tests, whose tokens say who one is; a second one tells events on request.
const env = {
  CARDEA_MODULES_PATHS: [
    join(buildFolder(), 'lib', 'tests', 'rest'),
    join(buildFolder(), 'lib', 'tests', 'live'),
  ].join(','),
  CARDEA_MODULES_DISABLE: 'auth,presence,rooms',
  CARDEA_LIMITS_GLOBAL_PER_MINUTE: '0',
};
let server;
before(async () => {
  server = await startServer({
    env: { ...env, CARDEA_WS_HEARTBEAT_TIMEOUT: '3', CARDEA_WS_RESUME_WITHIN: '4' },
  });
});
after(() => server.stop());

async function rest(
  method,
  path,
  { token = 'user:teller', body, type = 'application/json', at = server } = {},
) {
  const answer = await fetch(`${at.httpUrl}/api/v1${path}`, {
    method,
    body: body && JSON.stringify(body),
    headers: {
      ...(body ? { 'Content-Type': type } : {}),
      ...(token ? { Authorization: `Bearer ${token}` } : {}),
    },
  });
  return {
    status: answer.status,
    body: answer.status === 200 || answer.status >= 400 ? await answer.json() : null,
  };
}
const tell = (body, at) => rest('POST', '/tell', { body, at });
const changes = async (who, at) => (await rest('GET', `/changes?who=${who}`, { at })).body.changes;

/** An event socket: `next()` is the next message, `closed` its code and reason. */
function connect(query, { at = server, silent = false } = {}) {
  const socket = new WebSocket(`${at.httpUrl.replace('http', 'ws')}/api/v1/ws${query}`);
  const heard = [];
  const waiting = [];
  socket.on('message', (data) => {
    const message = JSON.parse(data);
    (waiting.length ? waiting.shift() : (each) => heard.push(each))(message);
  });
  const closed = new Promise((resolve) =>
    socket.on('close', (code, reason) => resolve([code, String(reason)])),
  );
  const beat = silent
    ? null
    : setInterval(() => socket.readyState === 1 && socket.send('{"type":"heartbeat"}'), 1000);
  closed.then(() => clearInterval(beat));
  const any = () =>
    heard.length ? Promise.resolve(heard.shift()) : new Promise((resolve) => waiting.push(resolve));
  const next = async () => {
    for (;;) {
      const message = await any();
      if (message.type !== 'pong') {
        return message;
      }
    }
  };
  const say = (message) => socket.send(JSON.stringify(message));
  return new Promise((resolve, reject) => {
    socket.on('open', () => resolve({ socket, next, any, say, closed }));
    socket.on('unexpected-response', (request, response) => {
      clearInterval(beat);
      request.destroy();
      resolve({ status: response.statusCode });
    });
    socket.on('error', reject);
  });
}

test('SES-01 a socket is greeted, answers pings, and silence closes it', async () => {
  const alice = await connect('?token=user:alice', { silent: true });
  const hello = await alice.next();
  assert.equal(hello.type, 'hello');
  assert.match(hello.session_id, /^[0-9a-f]{32}$/);
  assert.equal(hello.heartbeat_interval_ms, 1000);
  alice.say({ type: 'Ping', timestamp: 7 });
  assert.deepEqual(await alice.any(), { type: 'pong', timestamp: 7 });
  assert.deepEqual(await alice.closed, [1001, 'silent for too long']);
  assert.deepEqual(await changes('alice'), ['began', 'away']);
  await until('it has ended', async () => (await changes('alice')).at(-1) === 'ended', 15_000);
});

test('API-04 a token may come with the first message; without one the socket is closed', async () => {
  const bob = await connect('');
  bob.say({ type: 'auth', token: 'user:bob' });
  assert.equal((await bob.next()).type, 'hello');
  bob.say({ type: 'leave' });
  assert.equal((await bob.closed)[0], 1000);
  assert.deepEqual(await changes('bob'), ['began', 'left', 'ended']);
  const wrong = await connect('');
  wrong.say({ type: 'auth', token: 'nonsense' });
  assert.deepEqual(await wrong.closed, [1008, 'not a valid token']);
});

test('events reach the user, the topic and everybody, each with the next number', async () => {
  const [one, two] = [await connect('?token=user:carol'), await connect('?token=user:dave')];
  await Promise.all([one.next(), two.next()]);
  await tell({ to: 'user', name: 'carol', type: 'greeting', text: 'only you' });
  two.say({ type: 'join_topic', payload: { topic: 'cats' } });
  assert.equal((await two.next()).type, 'joined');
  await tell({ to: 'topic', name: 'cats', type: 'meow', text: 'in the topic' });
  await tell({ to: 'all', type: 'news', text: 'all of you' });
  assert.deepEqual(await one.next(), { type: 'greeting', payload: { text: 'only you' }, seq: 1 });
  assert.deepEqual(await one.next(), { type: 'news', payload: { text: 'all of you' }, seq: 2 });
  assert.deepEqual(await two.next(), { type: 'meow', payload: { text: 'in the topic' }, seq: 2 });
  assert.deepEqual(await two.next(), { type: 'news', payload: { text: 'all of you' }, seq: 3 });
  one.socket.close();
  two.socket.close();
});

test('SES-02 who comes back gets what was missed, in order and once', async () => {
  const first = await connect('?token=user:erin');
  const { session_id } = await first.next();
  first.say({ type: 'JoinTopic', payload: { topic: 'dogs' } });
  assert.equal((await first.next()).seq, 1);
  await tell({ to: 'user', name: 'erin', type: 'n', text: 'a' });
  assert.equal((await first.next()).seq, 2);
  first.socket.terminate();
  await until('she is away', async () => (await changes('erin')).at(-1) === 'away');
  for (const text of ['b', 'c']) {
    await tell({ to: 'topic', name: 'dogs', type: 'n', text });
  }
  const second = await connect('?token=user:erin');
  assert.equal((await second.next()).type, 'hello');
  second.say({ type: 'Resume', session_id, last_seq: 1 });
  const seen = [await second.next(), await second.next(), await second.next()];
  assert.deepEqual(
    seen.map((each) => [each.seq, each.payload.text]),
    [
      [2, 'a'],
      [3, 'b'],
      [4, 'c'],
    ],
  );
  assert.deepEqual(await second.next(), { type: 'resumed', session_id, replayed_count: 3 });
  await tell({ to: 'topic', name: 'dogs', type: 'n', text: 'd' });
  assert.equal((await second.next()).seq, 5);
  second.socket.close();
});

test('SES-03 what cannot be resumed is an invalid session: foreign, unknown, too far back', async () => {
  const frank = await connect('?token=user:frank');
  const { session_id } = await frank.next();
  const grace = await connect('?token=user:grace');
  await grace.next();
  for (const resume of [{ session_id, last_seq: 0 }, { session_id: 'nonsense', last_seq: 0 }, {}]) {
    grace.say({ type: 'resume', ...resume });
    assert.deepEqual(await grace.next(), { type: 'invalid_session' });
  }
  frank.socket.terminate();
  for (let i = 0; i < 501; ++i) {
    await tell({ to: 'user', name: 'frank', type: 'n', text: String(i) });
  }
  const back = await connect('?token=user:frank');
  await back.next();
  back.say({ type: 'resume', session_id, last_seq: 0 });
  assert.deepEqual(await back.next(), { type: 'invalid_session' });
  back.say({ type: 'resume', session_id, last_seq: 10_000 });
  assert.deepEqual(await back.next(), { type: 'invalid_session' });
  grace.socket.close();
  back.socket.close();
});

test('SES-05 the sixth socket of a user gets 429', async () => {
  const open = [];
  for (let i = 0; i < 5; ++i) {
    open.push(await connect('?token=user:heidi'));
    await open.at(-1).next();
  }
  assert.equal((await connect('?token=user:heidi')).status, 429);
  open[0].say({ type: 'leave' });
  await open[0].closed;
  open[0] = await connect('?token=user:heidi');
  assert.equal((await open[0].next()).type, 'hello');
  open.forEach(({ socket }) => socket.close());
});

test('PRE-04 streams carry the same events; the fourth of a user gets 429; they resume by Last-Event-ID', async () => {
  const streams = [];
  const open = async (headers = {}) => {
    const leave = new AbortController();
    const answer = await fetch(`${server.httpUrl}/api/v1/events?token=user:ivan`, {
      headers,
      signal: leave.signal,
    });
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    const read = async (pattern) => {
      while (!pattern.test(text)) {
        const { value, done } = await reader.read();
        assert.ok(!done, text);
        text += value;
      }
      return text;
    };
    return { answer, read, leave: () => leave.abort() };
  };
  for (let i = 0; i < 3; ++i) {
    streams.push(await open());
    await streams[i].read(/^:ok\n\ndata: \{"type":"hello"[^\n]*\}\n\n/);
  }
  assert.equal(streams[0].answer.headers.get('x-accel-buffering'), 'no');
  assert.equal((await fetch(`${server.httpUrl}/api/v1/events?token=user:ivan`)).status, 429);
  await tell({ to: 'user', name: 'ivan', type: 'n', text: 'a' });
  const [, id] = /id: ([0-9a-f]{32}:1)\ndata: \{"type":"n"/.exec(
    await streams[0].read(/"text":"a"/),
  );
  streams[0].leave();
  await until('one is away', async () => (await changes('ivan')).at(-1) === 'away');
  await tell({ to: 'user', name: 'ivan', type: 'n', text: 'b' });
  const again = await open({ 'Last-Event-ID': id });
  await again.read(
    /id: [0-9a-f]{32}:2\ndata: [^\n]*"text":"b"[^\n]*\n\ndata: [^\n]*"replayed_count":1/,
  );
  [again, ...streams.slice(1)].forEach((each) => each.leave());
  await until(
    'all are away',
    async () => (await changes('ivan')).filter((each) => each === 'away').length === 4,
  );
});

test('PRE-03 a beacon says that a page goes', async () => {
  const judy = await connect('?token=user:judy');
  const { session_id } = await judy.next();
  const wrong = await rest('POST', '/events/leave', {
    token: null,
    body: { token: 'nonsense' },
    type: 'text/plain',
  });
  assert.equal(wrong.status, 401);
  const left = await rest('POST', '/events/leave', {
    token: null,
    body: { token: 'user:judy', session_id },
    type: 'text/plain',
  });
  assert.equal(left.status, 204);
  assert.equal((await judy.closed)[0], 1000);
  assert.deepEqual(await changes('judy'), ['began', 'left', 'ended']);
  assert.equal((await rest('POST', '/events/ping', { token: 'user:judy' })).status, 204);
});

test('bad messages are answered and change nothing', async () => {
  const kim = await connect('?token=user:kim');
  await kim.next();
  for (const [text, code] of [
    ['{', 'invalid_json'],
    ['[]', 'invalid_json'],
    ['{"type":7}', 'invalid_json'],
    ['{"type":"dance"}', 'unknown_message_type'],
    ['{"type":"join_topic","payload":7}', 'invalid_json'],
    ['{"type":"auth","token":"user:lea"}', 'invalid_token'],
  ]) {
    kim.socket.send(text);
    const answer = await kim.next();
    assert.deepEqual([answer.type, answer.code], ['error', code], text);
  }
  kim.say({ type: 'auth', token: 'user:kim' });
  assert.deepEqual(await kim.next(), { type: 'auth_ok' });
  kim.socket.close();
  await sleep(1);
});
