// Room tokens in LiveKit's claim shape: theirs count here, ours there.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { AccessToken, TokenVerifier } from 'livekit-server-sdk';
import { ask, forEachStore, isProblem, jwt, register } from '../../support/accounts.mjs';

forEachStore({}, (store) => {
  let admin;
  let key;
  const request = (method, path, body) => ask(store.server, method, path, { token: admin.access_token, body });
  const verify = (token) => ask(store.server, 'POST', '/room-tokens/verify', { body: { token } });
  before(async () => {
    admin = await register(store.server);
    key = (await request('POST', '/admin/api-keys', { note: 'team back end' })).body;
  });

  test('a token that LiveKit\'s own library makes is understood', async () => {
    const made = new AccessToken(key.key, key.secret, { identity: 'alice', name: 'Alice', metadata: '{"a":1}', attributes: { colour: 'blue' }, ttl: '10m' });
    made.addGrant({ room: 'General', roomJoin: true, canPublish: true, canSubscribe: false, hidden: true });
    const shown = await verify(await made.toJwt());
    assert.equal(shown.status, 200, shown.text);
    assert.equal(shown.body.identity, 'alice');
    assert.equal(shown.body.name, 'Alice');
    assert.equal(shown.body.metadata, '{"a":1}');
    assert.deepEqual(shown.body.attributes, { colour: 'blue' });
    assert.deepEqual(shown.body.video, { room: 'General', roomJoin: true, canPublish: true, canSubscribe: false, hidden: true });
  });

  test('a token of ours is understood by LiveKit\'s own library', async () => {
    const video = { room: 'General', roomJoin: true, canPublishSources: ['camera', 'microphone'] };
    const made = await request('POST', '/admin/room-tokens', { identity: 'bob', name: 'Bob', video, ttl: 60, attributes: { a: 'b' } });
    assert.equal(made.status, 201, made.text);
    const claims = await new TokenVerifier(key.key, key.secret).verify(made.body.token);
    assert.equal(claims.sub, 'bob');
    assert.equal(claims.name, 'Bob');
    assert.deepEqual(claims.attributes, { a: 'b' });
    assert.equal(claims.video.room, 'General');
    assert.equal(claims.video.roomJoin, true);
    assert.equal((await verify(made.body.token)).status, 200);
  });

  test('A5 forged, expired and odd room tokens are refused, and no room token is an access token', async () => {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: key.key, sub: 'eve', nbf: now, exp: now + 60, video: { room: 'General', roomJoin: true } };
    const sign = (more, options) => jwt({ ...claims, ...more }, { secret: key.secret, ...options });
    assert.equal((await verify(sign({}))).status, 200);
    const bad = {
      'another secret': sign({}, { secret: 'x'.repeat(43) }),
      'an unknown key': sign({ iss: 'APIunknown' }),
      'expired': sign({ exp: now - 120 }),
      'no exp': sign({ exp: undefined }),
      'not yet': sign({ nbf: now + 3600 }),
      'nobody': sign({ sub: '' }),
      'no grants': sign({ video: undefined }),
      'grants of another type': sign({ video: { room: 1, roomJoin: true } }),
      'a flag that is a text': sign({ video: { room: 'x', roomJoin: 'true' } }),
      'alg none': sign({}, { header: { alg: 'none' } }),
      'a kid': sign({}, { kid: 'x' }),
    };
    for (const [what, token] of Object.entries(bad)) {
      assert.equal((await verify(token)).status, 400, what);
    }
    isProblem(await ask(store.server, 'GET', '/users/me', { token: sign({}) }), 403, 'account_required');
    isProblem(await ask(store.server, 'POST', '/auth/logout', { token: sign({}) }), 403, 'account_required');
    isProblem(await ask(store.server, 'GET', '/users/me', { token: sign({ exp: now - 120 }) }), 401, 'invalid_token');
    isProblem(await verify(admin.access_token), 400, 'invalid_token');
  });

  test('API keys are listed without secrets, and end', async () => {
    const other = (await request('POST', '/admin/api-keys', {})).body;
    const list = await request('GET', '/admin/api-keys');
    assert.ok(list.body.some((each) => each.key === other.key));
    assert.ok(!list.text.includes(other.secret) && !list.text.includes(key.secret));
    const made = (await request('POST', '/admin/room-tokens', { identity: 'x', video: { room: 'r', roomJoin: true }, key: other.key })).body;
    assert.equal((await request('DELETE', `/admin/api-keys/${other.key}`)).status, 204);
    isProblem(await verify(made.token), 400, 'invalid_token');
    isProblem(await request('DELETE', `/admin/api-keys/${other.key}`), 404, 'no_api_key');
    assert.ok(!store.server.log().includes(key.secret));
  });
});
