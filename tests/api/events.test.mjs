// The event stream: what a conversation tells an HTTP and a WebSocket backend, and what a bad backend costs.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startEventSocket, startWebhook } from '../support/event_receivers.mjs';
import { metric } from '../support/metrics.mjs';
import { RawJanus } from '../support/raw_janus.mjs';
import { startServer } from '../support/server.mjs';

let hook;
let socket;
let server;

const baseEnv = (webhook) => ({
  CARDEA_EVENTS_WEBHOOK_ENABLED: 'yes',
  CARDEA_EVENTS_WEBHOOK_BACKEND: webhook,
  CARDEA_EVENTS_WEBHOOK_RETRANSMISSIONS_BACKOFF: '5',
});

before(async () => {
  hook = await startWebhook();
  socket = await startEventSocket();
  server = await startServer({
    env: {
      ...baseEnv(hook.url),
      CARDEA_EVENTS_WEBHOOK_BACKEND_USER: 'me',
      CARDEA_EVENTS_WEBHOOK_BACKEND_PASSWORD: 'secret',
      CARDEA_EVENTS_WEBSOCKET_ENABLED: 'yes',
      CARDEA_EVENTS_WEBSOCKET_BACKEND: socket.url,
      CARDEA_EVENTS_LOG_ENABLED: 'yes',
      CARDEA_EVENTS_EMITTER: 'test-server',
    },
  });
});
after(async () => {
  await server?.stop();
  await hook?.close();
  await socket?.close();
});

/** A client whose `ask` returns the answer that carries the transaction. */
async function connect(url) {
  const client = await RawJanus.connect(url);
  let count = 0;
  return {
    async ask(message) {
      const transaction = `t${++count}`;
      client.send(JSON.stringify({ ...message, transaction }));
      for (;;) {
        const { message: answer } = await client.next();
        if (answer.transaction === transaction) {
          return answer;
        }
      }
    },
    close: () => client.close(),
  };
}

/** Session, handle, join, detach, destroy; @returns the ids. */
async function converse(url) {
  const client = await connect(url);
  const session = (await client.ask({ janus: 'create' })).data.id;
  const attach = { janus: 'attach', session_id: session, plugin: 'janus.plugin.videoroom', opaque_id: 'mine' };
  const handle = (await client.ask(attach)).data.id;
  const body = { request: 'create', room: session };
  await client.ask({ janus: 'message', session_id: session, handle_id: handle, body });
  await client.ask({ janus: 'detach', session_id: session, handle_id: handle });
  await client.ask({ janus: 'destroy', session_id: session });
  await client.close();
  return { session, handle };
}

const about = (session) => (event) => event.session_id === session;
const named = (session, name) => (event) => event.session_id === session && event.event.name === name;

test('a conversation is told in order, with Janus numbers, over HTTP and WebSocket alike', async () => {
  const { session, handle } = await converse(server.websocketUrl);
  for (const { inbox } of [hook, socket]) {
    await inbox.waitFor(named(session, 'destroyed'));
    const told = inbox.events.filter(about(session)).filter((event) => event.type !== 64);
    assert.deepEqual(
      told.map((event) => [event.type, event.handle_id, event.opaque_id, event.event.name]),
      [
        [1, undefined, undefined, 'created'],
        [2, handle, 'mine', 'attached'],
        [2, handle, 'mine', 'detached'],
        [1, undefined, undefined, 'destroyed'],
      ],
    );
    assert.equal(told[0].event.transport.transport, 'janus.transport.websockets');
    assert.deepEqual(told[1].event, { name: 'attached', plugin: 'janus.plugin.videoroom', opaque_id: 'mine' });
    for (const event of told) {
      assert.equal(event.emitter, 'test-server');
      assert.ok(Math.abs(event.timestamp / 1000 - Date.now()) < 60_000, 'microseconds since 1970');
    }
    const id = told[0].event.transport.id;
    const disconnected = (event) => event.type === 128 && event.event.id === id && event.event.data.event === 'disconnected';
    await inbox.waitFor(disconnected);
    const connected = inbox.events.find((event) => event.type === 128 && event.event.id === id);
    assert.deepEqual(connected.event.data, { event: 'connected', admin_api: false, ip: '127.0.0.1' });
  }
});

test('the first event says that the server has started, and shows its info', async () => {
  const started = await hook.inbox.waitFor((event) => event.type === 256);
  assert.equal(started, hook.inbox.events[0]);
  assert.equal(started.subtype, 1);
  assert.equal(started.event.status, 'started');
  assert.equal(started.event.info.event_handlers, true);
});

test('info lists the event handlers that are on', async () => {
  const client = await connect(server.websocketUrl);
  const info = await client.ask({ janus: 'info' });
  await client.close();
  assert.equal(info.event_handlers, true);
  const names = ['cardea.events.log', 'janus.eventhandler.sampleevh', 'janus.eventhandler.wsevh'];
  assert.deepEqual(Object.keys(info.events).sort(), names);
  assert.deepEqual(Object.keys(info.events[names[1]]).sort(), ['author', 'description', 'name', 'version', 'version_string']);
});

test('the webhook posts JSON arrays with basic authentication', () => {
  const [first] = hook.requests;
  assert.equal(first.method, 'POST');
  assert.equal(first.path, '/events');
  assert.equal(first.headers['content-type'], 'application/json');
  assert.equal(first.headers.authorization, `Basic ${Buffer.from('me:secret').toString('base64')}`);
  assert.ok(Array.isArray(JSON.parse(first.body)));
});

test('the WebSocket backend is asked for janus-events, and connected to again when it drops us', async () => {
  assert.deepEqual(socket.protocols, ['janus-events']);
  socket.dropAll();
  const { session } = await converse(server.websocketUrl);
  await socket.inbox.waitFor(named(session, 'destroyed'), 20_000);
  assert.equal(socket.protocols.length, 2);
});

test('the log has a line for each event', async () => {
  const { session } = await converse(server.websocketUrl);
  await hook.inbox.waitFor(named(session, 'destroyed'));
  assert.match(server.log(), new RegExp(`\\[events_log\\].*"session_id":${session}.*"created"`));
});

test('without a sink there is none in info', async () => {
  const quiet = await startServer();
  try {
    const client = await connect(quiet.websocketUrl);
    const info = await client.ask({ janus: 'info' });
    await client.close();
    assert.equal(info.event_handlers, false);
    assert.deepEqual(info.events, {});
  } finally {
    await quiet.stop();
  }
});

test('a kind that is not asked for is not sent, and grouping off makes one object each', async () => {
  const only = await startWebhook();
  const other = await startServer({
    env: { ...baseEnv(only.url), CARDEA_EVENTS_WEBHOOK_EVENTS: 'sessions,core', CARDEA_EVENTS_WEBHOOK_GROUPING: 'no' },
  });
  try {
    const { session } = await converse(other.websocketUrl);
    await only.inbox.waitFor(named(session, 'destroyed'));
    assert.deepEqual([...new Set(only.inbox.events.map((event) => event.type))].sort((a, b) => a - b), [1, 256]);
    assert.ok(only.requests.every(({ body }) => !Array.isArray(JSON.parse(body))));
  } finally {
    await other.stop();
    await only.close();
  }
  assert.deepEqual(only.inbox.events.at(-1).event, { status: 'shutdown', signum: 15 });
});

test('a backend that answers 500 gets the events again', async () => {
  const failing = await startWebhook({ answer: (count) => (count <= 2 ? 500 : 200) });
  const other = await startServer({ env: baseEnv(failing.url) });
  try {
    await failing.inbox.waitFor((event) => event.type === 256);
    assert.equal(failing.requests[0].body, failing.requests[2].body);
    assert.ok((await metric(other, 'cardea_event_sink_total{module="events_webhook",what="retried"}')) >= 2);
  } finally {
    await other.stop();
    await failing.close();
  }
});

for (const [name, answer] of [
  ['is silent', () => undefined],
  ['always answers 500', () => 500],
]) {
  test(`a backend that ${name} never slows the server, and drops are counted`, async () => {
    const bad = await startWebhook({ answer });
    const other = await startServer({ env: { ...baseEnv(bad.url), CARDEA_EVENTS_WEBHOOK_QUEUE_BYTES: '65536', CARDEA_LIMITS_ENABLED: 'no' } });
    try {
      const client = await connect(other.websocketUrl);
      const session = (await client.ask({ janus: 'create' })).data.id;
      const took = [];
      for (let i = 0; i < 300; ++i) {
        const start = performance.now();
        const attach = { janus: 'attach', session_id: session, plugin: 'janus.plugin.echotest', opaque_id: 'x'.repeat(400) };
        const handle = (await client.ask(attach)).data.id;
        await client.ask({ janus: 'detach', session_id: session, handle_id: handle });
        took.push(performance.now() - start);
      }
      took.sort((a, b) => a - b);
      assert.ok(took[150] < 100, `the median pair took ${took[150]} ms`);
      const lost = await metric(other, 'cardea_limit_hits_total{limit="events_webhook_queue"}');
      const gaveUp = await metric(other, 'cardea_event_sink_total{module="events_webhook",what="lost"}');
      assert.ok(lost + gaveUp > 0, `${lost} dropped, ${gaveUp} given up`);
      await client.close();
    } finally {
      await other.stop();
      await bad.close();
    }
  });
}
