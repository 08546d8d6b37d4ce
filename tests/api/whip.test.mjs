// WHIP: the npm client publishes into a room and a viewer gets it; then what RFC 9725 says of methods, types and tags.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { JanusClient } from '../support/janus_client.mjs';
import { startServer } from '../support/server.mjs';
import { assertPublishes, sender } from '../support/whip_publish.mjs';

const room = 1234;
let server, base;
const ends = [];

before(async () => {
  server = await startServer({
    env: { CARDEA_WHIP_ICE_SERVERS: 'stun:stun.example.org:3478', CARDEA_WHIP_MAX_SESSIONS: '3' },
  });
  base = `${server.httpUrl}/whip/endpoint`;
});
after(async () => {
  await server?.stop();
});

function finish() {
  for (const end of ends.splice(0)) {
    end();
  }
}

async function offer() {
  const pc = sender(ends);
  const made = await pc.createOffer();
  await pc.setLocalDescription(made);
  return made.sdp;
}

const post = (body, headers = {}, id = room) =>
  fetch(`${base}/${id}`, {
    method: 'POST',
    headers: { 'content-type': 'application/sdp', ...headers },
    body,
  });
const patch = (url, body, headers = {}) =>
  fetch(url, {
    method: 'PATCH',
    headers: { 'content-type': 'application/trickle-ice-sdpfrag', ...headers },
    body,
  });
const credentials = (sdp) =>
  sdp
    .match(/a=ice-(ufrag|pwd):.*\r\n/g)
    .slice(0, 2)
    .join('');

test('the npm client publishes, a viewer receives, ICE restarts, and the end is seen in the room', async () => {
  const { websocketUrl } = server;
  await assertPublishes({ websocketUrl, endpoint: `${base}/${room}`, room, ends });
  finish();
});

test('an offer makes a resource with location, tag and links, and DELETE ends it', async () => {
  const made = await post(await offer());
  assert.equal(made.status, 201);
  assert.equal(made.headers.get('content-type'), 'application/sdp');
  assert.match(made.headers.get('etag'), /^"\w+"$/);
  assert.equal(made.headers.get('link'), '<stun:stun.example.org:3478>; rel="ice-server"');
  assert.equal(made.headers.get('accept-patch'), 'application/trickle-ice-sdpfrag');
  assert.match(await made.text(), /^v=0\r\n/);
  const resource = new URL(made.headers.get('location'), base);
  assert.equal((await fetch(resource)).status, 405);
  assert.equal((await fetch(resource, { method: 'DELETE' })).status, 200);
  assert.equal((await fetch(resource, { method: 'DELETE' })).status, 404);
  finish();
});

test('trickle needs the right entity tag, a restart any', async () => {
  const sdp = await offer();
  const made = await post(sdp);
  const resource = new URL(made.headers.get('location'), base);
  const tag = made.headers.get('etag');
  const own = credentials(sdp);
  const fresh = 'a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\n';
  const candidate =
    'm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\na=candidate:1 1 udp 1 192.0.2.1 5 typ host\r\n';
  assert.equal((await patch(resource, own + candidate, { 'if-match': tag })).status, 204);
  assert.equal((await patch(resource, own + candidate)).status, 428);
  assert.equal((await patch(resource, own, { 'if-match': '"other"' })).status, 412);
  assert.equal((await patch(resource, fresh, { 'if-match': tag })).status, 400);
  assert.equal((await patch(resource, 'nonsense', { 'if-match': tag })).status, 400);
  assert.equal(
    (await patch(resource, own + 'a=x:'.padEnd(20_000, 'x'), { 'if-match': tag })).status,
    413,
  );
  assert.equal((await patch(resource, own, { 'content-type': 'text/plain' })).status, 415);
  const restarted = await patch(resource, fresh, { 'if-match': '*' });
  assert.equal(restarted.status, 200);
  assert.equal(restarted.headers.get('content-type'), 'application/trickle-ice-sdpfrag');
  assert.notEqual(restarted.headers.get('etag'), tag);
  const fragment = await restarted.text();
  assert.match(fragment, /^a=ice-ufrag:.+\r\na=ice-pwd:.+\r\n/);
  assert.match(fragment, /a=candidate:/);
  assert.equal((await patch(resource, own, { 'if-match': tag })).status, 412);
  await fetch(resource, { method: 'DELETE' });
  finish();
});

test('wrong methods, types, bodies and rooms are refused by number', async () => {
  assert.equal((await fetch(`${base}/${room}`)).status, 405);
  assert.equal((await fetch(`${base}/${room}`, { method: 'PUT', body: 'x' })).status, 405);
  assert.equal((await post('{}', { 'content-type': 'application/json' })).status, 415);
  assert.equal((await post('')).status, 400);
  assert.equal((await post('v=0\r\n')).status, 400);
  assert.equal((await post('x'.repeat(70_000))).status, 413);
  assert.equal((await post(await offer(), {}, 999)).status, 404);
  assert.equal((await fetch(`${server.httpUrl}/whip/nothing`)).status, 404);
  finish();
});

test('pages of other origins may publish', async () => {
  const asked = await fetch(`${base}/${room}`, {
    method: 'OPTIONS',
    headers: { origin: 'https://example.org', 'access-control-request-method': 'POST' },
  });
  assert.equal(asked.status, 204);
  assert.equal(asked.headers.get('access-control-allow-origin'), '*');
  assert.match(asked.headers.get('access-control-allow-methods'), /PATCH/);
  assert.match(asked.headers.get('access-control-allow-headers'), /If-Match/);
  assert.equal(asked.headers.get('accept-post'), 'application/sdp');
  const refused = await post('', { origin: 'https://example.org' });
  assert.ok(refused.headers.get('access-control-expose-headers'));
});

test('there are only so many publishers', async () => {
  const made = [];
  for (let i = 0; i < 3; i += 1) {
    made.push(await post(await offer()));
  }
  assert.deepEqual(
    made.map(({ status }) => status),
    [201, 201, 201],
  );
  assert.equal((await post(await offer())).status, 503);
  for (const each of made) {
    await fetch(new URL(each.headers.get('location'), base), { method: 'DELETE' });
  }
  finish();
});

test('an endpoint of the configuration has a token, a pin and a label', async () => {
  const { mkdir, writeFile } = await import('node:fs/promises');
  const { join } = await import('node:path');
  const { temporaryFolder } = await import('../support/process.mjs');
  const folder = await temporaryFolder('whip');
  await mkdir(join(folder.path, 'plugins'));
  await writeFile(
    join(folder.path, 'plugins', 'whip.conf'),
    '[whip]\nany_room = no\n[endpoint-stage]\nroom = 77\npin = p\ntoken = word\nlabel = Stage\n',
  );
  await writeFile(join(folder.path, 'plugins', 'videoroom.conf'), '[room-77]\npin = p\n');
  await writeFile(join(folder.path, 'cardea.conf'), '');
  const other = await startServer({ args: ['--config', folder.path] });
  try {
    const url = `${other.httpUrl}/whip/endpoint/stage`;
    const sdp = await offer();
    const ask = (token) =>
      fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/sdp',
          ...(token && { authorization: `Bearer ${token}` }),
        },
        body: sdp,
      });
    const without = await ask();
    assert.equal(without.status, 401);
    assert.match(without.headers.get('www-authenticate'), /^Bearer/);
    assert.equal((await ask('other')).status, 401);
    const made = await ask('word');
    assert.equal(made.status, 201);
    const resource = new URL(made.headers.get('location'), url);
    assert.equal((await fetch(resource, { method: 'DELETE' })).status, 401);
    const janus = await JanusClient.connect(other.websocketUrl);
    const session = await janus.createSession();
    const handle = await janus.attach(session, 'janus.plugin.videoroom');
    const list = await janus.message(session, handle, { request: 'listparticipants', room: 77 });
    assert.equal(list.plugindata.data.participants[0].display, 'Stage');
    await janus.close();
    assert.equal(
      (await fetch(`${other.httpUrl}/whip/endpoint/77`, { method: 'POST' })).status,
      404,
    );
  } finally {
    finish();
    await other.stop();
    await folder.remove();
  }
});
