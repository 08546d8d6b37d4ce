// The one public port: page, REST, long poll and WebSocket side by side; admin ports; access lists, origins and proxies
// (threats S1, S2, S12, S17, S18).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import WebSocket from 'ws';
import { sleep } from '../support/process.mjs';
import { startServer } from '../support/server.mjs';
import { rawSocket, within } from '../support/transport_harness.mjs';

let server;
let port;
before(async () => {
  server = await startServer({ env: { CARDEA_HTTP_HEADER_TIMEOUT: '2', CARDEA_HTTP_IDLE_TIMEOUT: '3' } });
  port = new URL(server.httpUrl).port;
});
after(() => server.stop());

const metric = async (from, name) =>
  Number((await (await fetch(`${from.adminUrl}/metrics`)).text()).match(new RegExp(`${name} (\\d+)`))?.[1] ?? 0);

/** Opens a WebSocket: the socket, or the HTTP status of the refusal. */
function open(url, protocol = 'janus-protocol', options = {}) {
  return within(
    new Promise((resolve) => {
      const socket = new WebSocket(url, protocol, { rejectUnauthorized: false, ...options });
      socket.once('open', () => resolve(socket));
      socket.once('unexpected-response', (_, response) => resolve(response.statusCode));
      socket.once('error', () => resolve('error'));
    }),
    10_000,
    url,
  );
}

async function ask(socket, message) {
  const answer = within(new Promise((resolve) => socket.once('message', (data) => resolve(JSON.parse(data)))), 10_000, 'answer');
  socket.send(JSON.stringify({ transaction: 't', ...message }));
  return answer;
}

test('the API by WebSocket, long poll and REST, and files, come by one port', async () => {
  const socket = await open(`ws://127.0.0.1:${port}/janus`);
  assert.equal((await ask(socket, { janus: 'create' })).janus, 'success');
  socket.close();
  const root = await open(`ws://127.0.0.1:${port}/`);
  assert.equal((await ask(root, { janus: 'ping' })).janus, 'pong');
  root.close();
  const post = (path, body) => fetch(`${server.httpUrl}${path}`, { method: 'POST', body: JSON.stringify({ transaction: 't', ...body }) });
  const made = await (await post('/janus', { janus: 'create' })).json();
  const poll = fetch(`${server.httpUrl}/janus/${made.data.id}?maxev=5`);
  const handle = await (await post(`/janus/${made.data.id}`, { janus: 'attach', plugin: 'janus.plugin.echotest' })).json();
  await post(`/janus/${made.data.id}/${handle.data.id}`, { janus: 'message', body: { audio: true } });
  const events = await (await poll).json();
  assert.equal(events[0].plugindata.data.result, 'ok');
  assert.equal((await fetch(`${server.httpUrl}/healthz`)).status, 200);
  const { websocket_url } = await (await fetch(`${server.httpUrl}/cardea.json`)).json();
  const told = await open(websocket_url);
  assert.equal((await ask(told, { janus: 'info' })).janus, 'server_info');
  told.close();
});

test('an upgrade elsewhere, or later in a connection, is no WebSocket', async () => {
  assert.equal(await open(`ws://127.0.0.1:${port}/else.where`), 404);
  const client = rawSocket(port, { text: 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n' });
  await client.waitFor(/"ok"/);
  client.write('GET /janus HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
  await client.waitFor(/ 426 /);
  client.end();
});

test('an upgrade may come in pieces', async () => {
  const client = rawSocket(port);
  const head =
    'GET /janus HTTP/1.1\r\nHost: x\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n' +
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: janus-protocol\r\n\r\n';
  for (const piece of [head.slice(0, 2), head.slice(2, 40), head.slice(40, -1), head.slice(-1)]) {
    client.write(piece);
    await sleep(50);
  }
  await client.waitFor(/^HTTP\/1\.1 101 /);
  client.end();
});

test('S12: a head that does not come is cut, the first as well as the second of a connection', async () => {
  const start = Date.now();
  const first = rawSocket(port, { text: 'GET /janus HT' });
  const silent = rawSocket(port);
  const second = rawSocket(port, { text: 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n' });
  await second.waitFor(/"ok"/);
  const drip = setInterval(() => second.write('G'), 300);
  await within(Promise.all([first.closed, silent.closed, second.closed]), 10_000, 'slow heads');
  clearInterval(drip);
  assert.ok(Date.now() - start < 8000);
});

test('the admin ports speak the Admin API and nothing else, and the public ones do not', async () => {
  const admin = await open(server.adminWebsocketUrl, 'janus-admin-protocol');
  assert.ok((await ask(admin, { janus: 'ping' })).janus);
  admin.close();
  assert.equal(await open(server.adminWebsocketUrl, 'janus-protocol'), 400);
  assert.equal(await open(server.websocketUrl, 'janus-admin-protocol'), 400);
  assert.equal(await open(`ws://127.0.0.1:${port}/janus`, 'janus-admin-protocol'), 400);
  const answer = await fetch(`${server.adminUrl}/admin`, { method: 'POST', body: '{"janus":"ping","transaction":"t"}' });
  assert.ok((await answer.json()).janus);
  assert.equal((await fetch(`${server.adminUrl}/janus/info`)).status, 404);
  assert.equal((await fetch(`${server.httpUrl}/admin`, { method: 'POST', body: '{}' })).status, 405);
  assert.equal((await fetch(`${server.adminUrl}/admin/12345`)).status, 405);
});

test('S1, S2: with origins set only their pages may use the Janus API', async () => {
  const own = 'https://own.example';
  const strict = await startServer({ env: { CARDEA_JANUS_ORIGINS: `${own},http://other.example:8080` } });
  try {
    const url = `${strict.httpUrl}/janus/info`;
    const ws = strict.httpUrl.replace('http', 'ws') + '/janus';
    for (const origin of ['https://foreign.example', 'null', `${own}.evil.example`, 'https://own.exampl', 'http://own.example', 'https://Own.example/']) {
      const refused = await fetch(url, { headers: { Origin: origin } });
      assert.equal(refused.status, 403, origin);
      assert.equal(refused.headers.get('access-control-allow-origin'), null);
      assert.equal((await fetch(url, { method: 'OPTIONS', headers: { Origin: origin } })).status, 403, origin);
      assert.equal(await open(ws, 'janus-protocol', { origin }), 403, origin);
      assert.equal(await open(strict.websocketUrl, 'janus-protocol', { origin }), 403, origin);
    }
    const good = await fetch(url, { headers: { Origin: own } });
    assert.equal(good.status, 200);
    assert.equal(good.headers.get('access-control-allow-origin'), own);
    assert.equal(good.headers.get('vary'), 'Origin');
    assert.equal(good.headers.get('access-control-allow-credentials'), null);
    (await open(ws, 'janus-protocol', { origin: own })).close();
    (await open(strict.websocketUrl)).close();
    assert.equal((await fetch(url)).status, 200);
  } finally {
    await strict.stop();
  }
});

test('S18: access lists look at the client behind trusted proxies, and at nobody else’s word', async () => {
  const listed = await startServer({
    env: {
      CARDEA_HTTP_ACL: '192.0.2.0/24',
      CARDEA_WEBSOCKET_ACL: '192.0.2.0/24',
      CARDEA_HOST_TRUSTED_PROXIES: '127.0.0.1',
      CARDEA_HTTP_ADMIN_ACL: '127.0.0.0/8',
    },
  });
  try {
    const url = `${listed.httpUrl.replace('localhost', '127.0.0.1')}/janus/info`;
    const ask = async (forwarded) => (await fetch(url, { headers: { 'X-Forwarded-For': forwarded } })).status;
    assert.equal(await ask('192.0.2.7'), 200);
    assert.equal(await ask('192.0.2.7, 203.0.113.5'), 403);
    assert.equal(await ask('203.0.113.5, 192.0.2.7'), 200);
    assert.equal((await fetch(url)).status, 403);
    for (const ws of [listed.websocketUrl, listed.httpUrl.replace('http://localhost', 'ws://127.0.0.1') + '/janus']) {
      const by = (forwarded) => open(ws, 'janus-protocol', { headers: { 'X-Forwarded-For': forwarded } });
      (await by('192.0.2.7')).close();
      assert.equal(await by('203.0.113.5'), 403);
    }
    assert.equal((await fetch(`${listed.adminUrl}/healthz`)).status, 200);
  } finally {
    await listed.stop();
  }
  const closed = await startServer({ env: { CARDEA_HTTP_ACL: '192.0.2.0/24', CARDEA_WEBSOCKET_ACL: '192.0.2.0/24' } });
  try {
    await assert.rejects(fetch(`${closed.httpUrl.replace('localhost', '127.0.0.1')}/janus/info`, { headers: { 'X-Forwarded-For': '192.0.2.7' } }));
    assert.equal(await open(closed.websocketUrl), 'error');
    assert.ok((await metric(closed, 'event="refused_acl",module="http"}')) > 0);
  } finally {
    await closed.stop();
  }
});

test('a trusted proxy has more connections than one address may', async () => {
  const env = { CARDEA_HTTP_MAX_CONNECTIONS_PER_ADDRESS: '2' };
  for (const [proxies, answered] of [['127.0.0.1', 5], ['192.0.2.1', 2]]) {
    const behind = await startServer({ env: { ...env, CARDEA_HOST_TRUSTED_PROXIES: proxies } });
    const clients = [];
    try {
      const text = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n';
      for (let i = 0; i < 5; ++i) {
        clients.push(rawSocket(new URL(behind.httpUrl).port, { text }));
        await Promise.race([clients[i].waitFor(/"ok"/), clients[i].closed]);
      }
      assert.equal(clients.filter((client) => client.heard().length > 0).length, answered);
    } finally {
      clients.forEach((client) => client.end());
      await behind.stop();
    }
  }
});
