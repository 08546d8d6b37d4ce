// Secrets stay where they are (general rule R6, threats S9, S17, P5): what was planted in configuration and requests
// appears in no log, answer, event, metric or command line, whatever is asked and at the most talkative level.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { adminOf, post } from '../support/admin_client.mjs';
import { startEventSocket, startWebhook } from '../support/event_receivers.mjs';
import { JanusClient } from '../support/janus_client.mjs';
import { startServer } from '../support/server.mjs';

const planted = Object.fromEntries(
  ['admin', 'api', 'signing', 'metrics', 'backend', 'key', 'room', 'pin', 'token', 'guess', 'allowed'].map((name) => [
    name,
    `canary-${name}-of-sixteen-characters`,
  ]),
);

let hook;
let socket;
let server;
before(async () => {
  hook = await startWebhook();
  socket = await startEventSocket();
  server = await startServer({
    env: {
      CARDEA_LOG_LEVEL: 'debug',
      CARDEA_JANUS_OPEN: 'yes',
      CARDEA_ADMIN_SECRET: planted.admin,
      CARDEA_API_SECRET: planted.api,
      CARDEA_API_TOKEN_AUTH: 'yes',
      CARDEA_METRICS_TOKEN: planted.metrics,
      CARDEA_GENERAL_ADMIN_KEY: planted.key,
      CARDEA_EVENTS_LOG_ENABLED: 'yes',
      CARDEA_EVENTS_WEBHOOK_ENABLED: 'yes',
      CARDEA_EVENTS_WEBHOOK_BACKEND: hook.url,
      CARDEA_EVENTS_WEBHOOK_BACKEND_USER: 'somebody',
      CARDEA_EVENTS_WEBHOOK_BACKEND_PASSWORD: planted.backend,
      CARDEA_EVENTS_WEBSOCKET_ENABLED: 'yes',
      CARDEA_EVENTS_WEBSOCKET_BACKEND: socket.url,
    },
  });
});
after(async () => {
  await server?.stop();
  await hook?.close();
  await socket?.close();
});

/** Every answer and event that the clients of a tour heard, as texts. */
async function tour(plugin) {
  const heard = [];
  const client = await JanusClient.connect(server.websocketUrl);
  const known = { apisecret: planted.api, token: planted.token };
  const ask = async (message) => {
    const answer = await client.request({ ...known, ...message });
    heard.push(JSON.stringify(answer));
    return answer;
  };
  for (const wrong of [{ apisecret: planted.guess }, { token: planted.guess }, { apisecret: planted.guess, token: 7 }]) {
    const answer = await client.request({ janus: 'create', ...wrong });
    assert.equal(answer.error.code, 403);
    heard.push(JSON.stringify(answer));
  }
  const session_id = (await ask({ janus: 'create' })).data.id;
  const handle_id = (await ask({ janus: 'attach', session_id, plugin, opaque_id: 'mine' })).data.id;
  const request = (body) => ask({ janus: 'message', session_id, handle_id, body });
  const room = 4711;
  const secrets = { admin_key: planted.key, secret: planted.room, pin: planted.pin };
  const created = await request({ request: 'create', room, ...secrets, allowed: [planted.allowed] });
  assert.equal(created.plugindata.data.room, room, JSON.stringify(created));
  await request({ request: 'create', room: 4712, admin_key: planted.guess });
  await request({ request: 'create', room: 4713, ...secrets, secret: 5 });
  await request({ request: 'join', ptype: 'publisher', room, pin: planted.guess, token: planted.guess, textroom: 'join', username: 'me' });
  await request({ request: 'join', ptype: 'publisher', room, pin: planted.pin, token: planted.allowed, username: 'me' });
  await request({ request: planted.guess.slice(0, 6) });
  for (const secret of [planted.guess, planted.room]) {
    for (const body of [
      { request: 'exists', room },
      { request: 'listparticipants', room, secret },
      { request: 'listforwarders', room, secret },
      { request: 'edit', room, secret, new_description: 'x' },
      { request: 'allowed', room, secret: planted.guess, action: 'enable' },
      { request: 'kick', room, secret, id: 1, username: 'nobody' },
      { request: 'rtp_forward', room, secret, admin_key: secret, publisher_id: 1, host: '127.0.0.1', streams: [] },
      { request: 'list' },
    ]) {
      await request(body);
    }
  }
  const admin = adminOf(server, planted.admin);
  for (const answer of [
    await admin('handle_info', {}, `/${session_id}/${handle_id}`),
    await admin('list_sessions'),
    await admin('message_plugin', { plugin, request: { request: 'list' } }),
  ]) {
    assert.equal(answer.janus, 'success');
    heard.push(JSON.stringify(answer));
  }
  // Who has the room's secret is shown its tokens, as Janus's documentation of `allowed` says: the one answer with one.
  const { plugindata } = await client.request({
    ...known,
    janus: 'message',
    session_id,
    handle_id,
    body: { request: 'allowed', room, secret: planted.room, action: 'enable' },
  });
  assert.deepEqual(plugindata.data.allowed, [planted.allowed]);
  await request({ request: 'destroy', room, secret: planted.room });
  await ask({ janus: 'destroy', session_id });
  await client.close();
  return heard;
}

test('threats S9 and S17: a planted secret or token is shown nowhere', async () => {
  const admin = adminOf(server, planted.admin);
  assert.equal((await admin('add_token', { token: planted.token })).janus, 'success');
  const shown = [...(await tour('janus.plugin.videoroom')), ...(await tour('janus.plugin.textroom'))];
  for (const name of ['info', 'get_status', 'loops_info', 'list_operations', 'nonsense']) {
    shown.push(JSON.stringify(await admin(name)), JSON.stringify(await adminOf(server, planted.guess)(name)));
  }
  shown.push(JSON.stringify(await post(`${server.httpUrl}/janus`, { janus: 'info', apisecret: planted.guess })));
  shown.push(await (await fetch(`${server.httpUrl}/janus/1?apisecret=${planted.guess}&token=${planted.guess}`)).text());
  shown.push(await (await fetch(`${server.adminUrl}/metrics`, { headers: { authorization: `Bearer ${planted.guess}` } })).text());
  // Sessions of both tours are in the events, so these are whole.
  await hook.inbox.waitFor((event) => event.type === 1 && event.event?.name === 'destroyed');
  await socket.inbox.waitFor((event) => event.type === 1 && event.event?.name === 'destroyed');
  assert.ok(hook.inbox.events.length > 10);
  shown.push(...hook.inbox.events.map((event) => JSON.stringify(event)), ...socket.inbox.events.map((event) => JSON.stringify(event)));
  shown.push(server.log(), readFileSync(`/proc/${server.pid}/cmdline`, 'latin1'));
  assert.match(server.log(), /wrong or missing secret/);
  for (const [name, canary] of Object.entries(planted)) {
    const where = shown.find((text) => text.includes(canary));
    assert.equal(where?.slice(Math.max(0, where.indexOf(canary) - 300), where.indexOf(canary) + 100), undefined, name);
  }
});
