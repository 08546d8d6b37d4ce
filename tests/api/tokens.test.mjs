// Tokens of the Janus API on the whole server: signed ones, stored ones, and who may claim a session.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { adminOf, post } from '../support/admin_client.mjs';
import { JanusClient } from '../support/janus_client.mjs';
import { startServer } from '../support/server.mjs';

const secret = 'test-secret-test-secret-test-secret';
const refused = 'Unauthorized request (wrong or missing secret/token)';

function sign(words, seconds = 600) {
  const text = [Math.floor(Date.now() / 1000) + seconds, ...words].join(',');
  return `${text}:${createHmac('sha1', secret).update(text).digest('base64')}`;
}

describe('signed tokens', () => {
  const token = sign(['janus', 'janus.plugin.echotest']);
  let server;
  before(async () => {
    server = await startServer({ env: { CARDEA_API_TOKEN_AUTH_SECRET: secret } });
  });
  after(() => server?.stop());

  it('open the server and the plugins that they name, and nothing else', async () => {
    const root = `${server.httpUrl}/janus`;
    for (const bad of [undefined, '', 'x', 5, sign(['janus'], -1), sign(['other']), `${token}x`]) {
      const answer = await post(root, { janus: 'create', token: bad });
      assert.deepEqual(answer.error, { code: 403, reason: refused }, String(bad));
    }
    const { data } = await post(root, { janus: 'create', token });
    const attach = (plugin) => post(`${root}/${data.id}`, { janus: 'attach', plugin, token });
    assert.equal((await attach('janus.plugin.echotest')).janus, 'success');
    assert.deepEqual((await attach('janus.plugin.videoroom')).error, {
      code: 405,
      reason: "Provided token can't access plugin 'janus.plugin.videoroom'",
    });
    assert.equal((await attach('janus.plugin.none')).error.code, 460);
  });

  it('are asked for on a long poll too, as a parameter', async () => {
    const root = `${server.httpUrl}/janus`;
    const { data } = await post(root, { janus: 'create', token });
    const attached = await post(`${root}/${data.id}`, {
      janus: 'attach',
      plugin: 'janus.plugin.echotest',
      token,
    });
    const without = await fetch(`${root}/${data.id}?rid=1`);
    assert.match(await without.text(), /^$|403/);
    await post(`${root}/${data.id}/${attached.data.id}`, { janus: 'detach', token });
    const poll = await fetch(`${root}/${data.id}?rid=2&token=${encodeURIComponent(token)}`);
    assert.equal((await poll.json()).janus, 'detached');
  });

  it('threat S9: a session is its connection’s until somebody with a token claims it', async () => {
    const owner = await JanusClient.connect(server.websocketUrl);
    const other = await JanusClient.connect(server.websocketUrl);
    const { data } = await owner.request({ janus: 'create', token });
    const keepalive = { janus: 'keepalive', session_id: data.id, token };
    const foreign = await other.request(keepalive);
    const unknown = await other.request({ ...keepalive, session_id: data.id + 1 });
    assert.equal(foreign.error.code, 458);
    assert.equal(unknown.error.code, 458);
    assert.equal((await post(`${server.httpUrl}/janus`, keepalive)).error.code, 458);
    assert.equal((await other.request({ janus: 'claim', session_id: data.id })).error.code, 403);
    assert.equal((await owner.request(keepalive)).janus, 'ack');
    assert.equal(
      (await other.request({ janus: 'claim', session_id: data.id, token })).janus,
      'success',
    );
    assert.equal((await other.request(keepalive)).janus, 'ack');
    assert.equal((await owner.request(keepalive)).error.code, 458);
    await owner.close();
    assert.equal((await other.request(keepalive)).janus, 'ack');
    await other.close();
  });
});

describe('stored tokens', () => {
  const adminSecret = 'a-secret-for-the-admin-api';
  let server;
  let admin;
  before(async () => {
    server = await startServer({
      env: { CARDEA_API_TOKEN_AUTH: 'yes', CARDEA_ADMIN_SECRET: adminSecret },
    });
    admin = adminOf(server, adminSecret);
  });
  after(() => server?.stop());

  it('come and go by the Admin API, with the plugins that they open', async () => {
    const root = `${server.httpUrl}/janus`;
    assert.equal((await post(root, { janus: 'create', token: 'one' })).error.code, 403);
    const added = await admin('add_token', { token: 'one', plugins: ['janus.plugin.echotest'] });
    assert.deepEqual(added.data, { plugins: ['janus.plugin.echotest'] });
    const { data } = await post(root, { janus: 'create', token: 'one' });
    const attach = async (plugin) =>
      (await post(`${root}/${data.id}`, { janus: 'attach', plugin, token: 'one' })).error?.code;
    assert.equal(await attach('janus.plugin.echotest'), undefined);
    assert.equal(await attach('janus.plugin.videoroom'), 405);
    await admin('allow_token', { token: 'one', plugins: ['janus.plugin.videoroom'] });
    assert.equal(await attach('janus.plugin.videoroom'), undefined);
    await admin('disallow_token', { token: 'one', plugins: ['janus.plugin.echotest'] });
    assert.equal(await attach('janus.plugin.echotest'), 405);
    assert.deepEqual((await admin('list_tokens')).data, {
      tokens: [{ token: 'one', allowed_plugins: ['janus.plugin.videoroom'] }],
    });
    assert.equal((await admin('remove_token', { token: 'one' })).janus, 'success');
    const late = await post(`${root}/${data.id}`, { janus: 'keepalive', token: 'one' });
    assert.equal(late.error.code, 403);
  });
});
