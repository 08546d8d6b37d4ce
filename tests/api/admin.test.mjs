// The Admin API on the whole server: as a backend uses it, and against those who should not.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { adminOf, post } from '../support/admin_client.mjs';
import { JanusClient } from '../support/janus_client.mjs';
import { buildFolder, startServer } from '../support/server.mjs';
import { freePorts, startProcess, temporaryFolder } from '../support/process.mjs';
import { startStun } from '../support/stun_server.mjs';

const secret = 'canary-of-the-admin-secret';
const apiSecret = 'canary-of-the-api-secret';
const tokenSecret = 'canary-of-the-token-secret';

/** Starts a server that should refuse to. @returns its exit code and log. */
async function startRefused(env) {
  const data = await temporaryFolder('refused');
  const [websocket, http, adminHttp, adminWebsocket] = await freePorts(4);
  const server = startProcess(`${buildFolder()}/bin/cardea`, ['--data', data.path], {
    env: {
      CARDEA_WEBSOCKET_PORT: String(websocket),
      CARDEA_HTTP_PORT: String(http),
      CARDEA_HTTP_ADMIN_PORT: String(adminHttp),
      CARDEA_WEBSOCKET_ADMIN_PORT: String(adminWebsocket),
      CARDEA_MEDIA_UDP_PORT: '0',
      CARDEA_MEDIA_TCP_PORT: '0',
      ...env,
    },
  });
  const { code } = await server.exited;
  await data.remove();
  return { code, log: server.log() };
}

describe('the Admin API', () => {
  let server;
  let admin;
  before(async () => {
    server = await startServer({
      env: {
        CARDEA_ADMIN_SECRET: secret,
        CARDEA_API_SECRET: apiSecret,
        CARDEA_API_TOKEN_AUTH_SECRET: tokenSecret,
        CARDEA_LOG_LEVEL: 'debug',
      },
    });
    admin = adminOf(server, secret);
  });
  after(() => server?.stop());

  it('lets a server manage rooms by message_plugin and end sessions', async () => {
    const ask = async (request) =>
      (await admin('message_plugin', { plugin: 'janus.plugin.videoroom', request })).response;
    const made = await ask({
      request: 'create',
      room: 4711,
      publishers: 12,
      bitrate: 128000,
      videocodec: 'vp8',
      fir_freq: 10,
    });
    assert.deepEqual(made, { videoroom: 'created', room: 4711, permanent: false });
    assert.equal((await ask({ request: 'exists', room: 4711 })).exists, true);
    assert.ok((await ask({ request: 'list' })).list.some(({ room }) => room === 4711));
    assert.deepEqual(await ask({ request: 'listparticipants', room: 4711 }), {
      videoroom: 'participants',
      room: 4711,
      participants: [],
    });
    assert.equal((await ask({ request: 'destroy', room: 4711 })).videoroom, 'destroyed');
    assert.equal((await ask({ request: 'join', room: 1234 })).error_code, 423);

    const client = await JanusClient.connect(server.websocketUrl);
    const { data } = await client.request({ janus: 'create', apisecret: apiSecret });
    assert.deepEqual((await admin('list_sessions')).sessions, [data.id]);
    const destroyed = await admin('destroy_session', { token: 'any' }, `/${data.id}`);
    assert.equal(destroyed.janus, 'success');
    assert.deepEqual((await admin('list_sessions')).sessions, []);
    await client.close();
  });

  it('shows sessions and handles, by ids in the path and in the body', async () => {
    const client = await JanusClient.connect(server.websocketUrl);
    const { data } = await client.request({ janus: 'create', apisecret: apiSecret });
    const attached = await client.request({
      janus: 'attach',
      session_id: data.id,
      plugin: 'janus.plugin.echotest',
      opaque_id: 'mine',
      apisecret: apiSecret,
    });
    const handle = attached.data.id;
    assert.deepEqual((await admin('list_handles', { session_id: data.id })).handles, [handle]);
    const { info } = await admin('handle_info', {}, `/${data.id}/${handle}`);
    assert.equal(info.session_id, data.id);
    assert.equal(info.handle_id, handle);
    assert.equal(info.opaque_id, 'mine');
    assert.equal(info.plugin, 'janus.plugin.echotest');
    assert.equal(info.session_transport, 'janus.transport.websockets');
    assert.equal(typeof info.plugin_specific, 'object');
    assert.equal(info.flags.ready, false);
    await admin('detach_handle', {}, `/${data.id}/${handle}`);
    assert.equal((await client.next((m) => m.janus === 'detached')).sender, handle);
    assert.equal((await admin('handle_info', {}, `/${data.id}/${handle}`)).error.code, 459);
    await client.close();
  });

  it('stops and starts the making of sessions', async () => {
    await admin('accept_new_sessions', { accept: false });
    const root = `${server.httpUrl}/janus`;
    const refused = await post(root, { janus: 'create', apisecret: apiSecret });
    assert.equal(refused.error.code, 472);
    await admin('accept_new_sessions', { accept: true });
    assert.equal((await post(root, { janus: 'create', apisecret: apiSecret })).janus, 'success');
  });

  it('changes the log level of one area and writes lines of others', async () => {
    await admin('set_log_level', { level: 3, area: 'session' });
    assert.deepEqual((await admin('get_status')).status.log_areas, { session: 3 });
    await admin('custom_logline', { line: 'seen from\noutside', level: 4 });
    assert.match(server.log(), /seen from\\noutside/);
  });

  it('looks names up and asks STUN servers', async () => {
    const name = await admin('resolve_address', { address: 'localhost' });
    assert.match(name.ip, /^127\.|^::1$/);
    assert.equal((await admin('resolve_address', { address: 'no.invalid' })).error.code, 490);
    const stun = await startStun();
    const { port } = stun.address();
    const seen = await admin('test_stun', { address: '127.0.0.1', port });
    assert.equal(seen.public_ip, '127.0.0.1');
    assert.ok(seen.public_port > 0);
    stun.close();
  });

  it('never shows a secret, in answers, log or metrics', async () => {
    const shown = [
      await admin('info'),
      await admin('get_status'),
      await admin('list_sessions'),
      await admin('loops_info'),
      await admin('list_tokens'),
      await admin('nonsense'),
      await admin('message_plugin', { plugin: 'janus.plugin.videoroom' }),
      await adminOf(server, `${secret}x`)('get_status'),
    ].map((answer) => JSON.stringify(answer));
    shown.push(await (await fetch(`${server.adminUrl}/metrics`)).text(), server.log());
    for (const canary of [secret, apiSecret, tokenSecret]) {
      assert.ok(!shown.some((text) => text.includes(canary)), canary);
    }
  });

  it('threat S17: guesses are limited, and delay the right secret', async () => {
    const codes = new Set();
    for (let i = 0; i < 50; i += 1) {
      codes.add((await adminOf(server, `guess ${i}`)('get_status')).error.code);
    }
    assert.deepEqual([...codes], [403]);
    assert.equal((await admin('get_status')).error.code, 403);
    const deadline = Date.now() + 20_000;
    let answer;
    do {
      await new Promise((resolve) => setTimeout(resolve, 500));
      answer = await admin('get_status');
    } while (answer.janus !== 'success' && Date.now() < deadline);
    assert.equal(answer.janus, 'success');
  });
});

describe('the Admin API off loopback', () => {
  it('threat S17: the server does not start without a good secret', async () => {
    for (const weak of ['', 'short', 'janusoverlord-janusoverlord']) {
      const { code, log } = await startRefused({
        CARDEA_HTTP_ADMIN_ADDRESS: '0.0.0.0',
        CARDEA_ADMIN_SECRET: weak,
      });
      assert.equal(code, 2, log);
      assert.match(log, /\[admin\] secret/);
      assert.doesNotMatch(log, /module .* loaded/, 'no module, so no port either');
    }
  });
});
