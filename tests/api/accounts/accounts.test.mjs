// Registration, login, tokens and logins, on both databases.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, forEachStore, freshName, isProblem, login, me, password, register } from '../../support/accounts.mjs';

forEachStore({}, (store) => {
  const post = (path, options) => ask(store.server, 'POST', path, options);

  test('INV-02 the first account becomes the administrator, later ones do not', async () => {
    const first = await register(store.server);
    assert.equal(first.user.is_admin, true);
    assert.equal((await register(store.server)).user.is_admin, false);
  });

  test('ACC-01 registering answers with both tokens and the user', async () => {
    const name = freshName('Alice');
    const answer = await post('/auth/register', {
      body: { username: name, password, display_name: '  Alice A. ', email: `${name}@Example.org`, is_admin: true },
    });
    assert.equal(answer.status, 201, answer.text);
    const { access_token, refresh_token, token_type, expires_in, user } = answer.body;
    assert.equal(token_type, 'bearer');
    assert.equal(expires_in, 1800);
    assert.match(access_token, /^[\w-]+\.[\w-]+\.[\w-]+$/);
    assert.match(refresh_token, /^[\w-]{64}$/);
    assert.equal(user.username, name);
    assert.equal(user.display_name, 'Alice A.');
    assert.equal(user.email, `${name}@Example.org`);
    assert.equal(user.is_admin, false);
    assert.doesNotMatch(answer.text, /argon2|horse/);
  });

  test('ACC-01 a name or an address that is taken gets 409, whatever its case', async () => {
    const name = freshName();
    await register(store.server, { username: name, email: `${name}@example.org` });
    isProblem(await post('/auth/register', { body: { username: name.toUpperCase(), password } }), 409, 'username_taken');
    const again = { username: freshName(), password, email: `${name}@EXAMPLE.org` };
    isProblem(await post('/auth/register', { body: again }), 409, 'email_taken');
  });

  test('ACC-02 names that are too short, too long, of other characters or reserved get 400', async () => {
    for (const username of ['ab', 'x'.repeat(33), 'has space', 'dash-ed', 'ünïcode', "o'hara"]) {
      isProblem(await post('/auth/register', { body: { username, password } }), 400, 'invalid_username');
    }
    for (const username of ['admin', 'API', 'Rooms']) {
      isProblem(await post('/auth/register', { body: { username, password } }), 400, 'reserved_username');
    }
    const odd = { username: freshName(), password, display_name: 'a\u202Eb' };
    isProblem(await post('/auth/register', { body: odd }), 400, 'invalid_display_name');
    isProblem(await post('/auth/register', { body: { ...odd, display_name: 'x'.repeat(65) } }), 400, 'invalid_display_name');
    isProblem(await post('/auth/register', { body: { username: freshName(), password, email: 'nobody' } }), 400, 'invalid_email');
  });

  test('ACC-03 passwords of fewer than 8 or more than 128 characters get 400', async () => {
    for (const bad of ['seven77', 'x'.repeat(129)]) {
      const answer = await post('/auth/register', { body: { username: freshName(), password: bad } });
      isProblem(answer, 400, 'invalid_password');
      assert.ok(!answer.text.includes(bad));
    }
    await register(store.server, { password: 'ä'.repeat(128) });
  });

  test('ACC-05 one logs in by name or by address, whatever the case', async () => {
    const name = freshName('Bob');
    await register(store.server, { username: name, email: `${name}@example.org` });
    for (const body of [{ login: name.toLowerCase() }, { username: name }, { email: `${name}@EXAMPLE.ORG` }, { login: `${name}@example.org` }]) {
      const answer = await post('/auth/login', { body: { ...body, password } });
      assert.equal(answer.status, 200, answer.text);
      assert.equal(answer.body.user.username, name);
    }
    isProblem(await post('/auth/login', { body: { password } }), 400, 'missing_parameter');
  });

  test('ACC-05 an unknown name and a wrong password get the same answer', async () => {
    const { user } = await register(store.server);
    const wrong = await login(store.server, user.username, 'not the password');
    const unknown = await login(store.server, freshName('nobody'));
    isProblem(wrong, 401, 'invalid_credentials');
    assert.equal(wrong.text, unknown.text);
    assert.equal(wrong.status, unknown.status);
  });

  test('ACC-10 the bearer of a token is shown by both paths', async () => {
    const made = await register(store.server);
    const shown = await me(store.server, made.access_token);
    assert.equal(shown.status, 200, shown.text);
    assert.deepEqual(shown.body, made.user);
    assert.deepEqual((await ask(store.server, 'GET', '/auth/me', { token: made.access_token })).body, made.user);
    for (const key of ['id', 'username', 'display_name', 'email', 'email_verified', 'provider', 'node_id', 'node_id_verified', 'is_admin', 'last_room_id', 'created_at']) {
      assert.ok(key in shown.body, key);
    }
    isProblem(await me(store.server), 401, 'unauthorized');
  });

  test('ACC-07 a refresh token is used up by its use, and the new one goes on', async () => {
    const made = await register(store.server);
    const first = await post('/auth/refresh', { body: { refresh_token: made.refresh_token } });
    assert.equal(first.status, 200, first.text);
    assert.notEqual(first.body.refresh_token, made.refresh_token);
    assert.equal((await me(store.server, first.body.access_token)).status, 200);
    assert.equal((await post('/auth/refresh', { body: { refresh_token: first.body.refresh_token } })).status, 200);
    isProblem(await post('/auth/refresh', { body: { refresh_token: 'x'.repeat(64) } }), 401, 'invalid_refresh_token');
  });

  test('ACC-07 a used refresh token ends its family, and other logins go on', async () => {
    const made = await register(store.server);
    const other = (await login(store.server, made.user.username)).body;
    const next = (await post('/auth/refresh', { body: { refresh_token: made.refresh_token } })).body;
    isProblem(await post('/auth/refresh', { body: { refresh_token: made.refresh_token } }), 401, 'refresh_token_reused');
    isProblem(await post('/auth/refresh', { body: { refresh_token: next.refresh_token } }), 401, 'invalid_refresh_token');
    isProblem(await me(store.server, next.access_token), 401, 'invalid_token');
    assert.equal((await me(store.server, other.access_token)).status, 200);
    assert.equal((await post('/auth/refresh', { body: { refresh_token: other.refresh_token } })).status, 200);
  });

  test('ACC-07 of many that show one refresh token at once at most one gets a new one', async () => {
    const made = await register(store.server);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => post('/auth/refresh', { body: { refresh_token: made.refresh_token } })),
    );
    assert.equal(answers.filter((each) => each.status === 200).length, 1);
    assert.ok(answers.every((each) => [200, 401].includes(each.status)));
  });

  test('ACC-08 after a logout neither token counts', async () => {
    const made = await register(store.server);
    assert.equal((await post('/auth/logout', { token: made.access_token })).status, 204);
    isProblem(await me(store.server, made.access_token), 401, 'invalid_token');
    isProblem(await post('/auth/refresh', { body: { refresh_token: made.refresh_token } }), 401, 'invalid_refresh_token');
  });

  test('ACC-01 of many registrations of one name at once one is made', async () => {
    const username = freshName('race');
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => post('/auth/register', { body: { username, password } })),
    );
    assert.deepEqual(answers.map((each) => each.status).sort(), [201, ...Array(19).fill(409)]);
  });
});
