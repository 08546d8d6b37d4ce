// What administrators do with accounts, and that nobody else may.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { ask, forEachStore, freshName, isProblem, login, me, register } from '../../support/accounts.mjs';

forEachStore({}, (store) => {
  let admin;
  const request = (method, path, body, token = admin.access_token) => ask(store.server, method, path, { token, body });
  before(async () => {
    admin = await register(store.server);
  });

  test('ADM-05 every path of administrators refuses nobody with 401 and users with 403', async () => {
    const document = (await ask(store.server, 'GET', '/openapi.json')).body;
    const user = await register(store.server);
    let seen = 0;
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const method of Object.keys(methods).filter((each) => path.includes('/admin/') && each !== 'parameters')) {
        const below = path.replace('/api/v1', '').replace(/\{\w+\}/g, 'x');
        assert.equal((await ask(store.server, method.toUpperCase(), below)).status, 401, `${method} ${path}`);
        assert.equal((await ask(store.server, method.toUpperCase(), below, { token: user.access_token })).status, 403, `${method} ${path}`);
        ++seen;
      }
    }
    assert.ok(seen >= 9);
  });

  test('ADM-02 accounts are listed in pages and searched', async () => {
    const stem = freshName('Searched');
    for (let i = 0; i < 3; ++i) {
      await register(store.server, { username: `${stem}_${i}`, email: `${stem}_${i}@example.org` });
    }
    const all = (await request('GET', `/admin/users?search=${stem.toLowerCase()}&limit=2`)).body;
    assert.equal(all.total, 3);
    assert.equal(all.users.length, 2);
    const rest = (await request('GET', `/admin/users?search=${stem}&limit=2&offset=2`)).body;
    assert.equal(rest.users.length, 1);
    assert.equal(new Set([...all.users, ...rest.users].map((each) => each.id)).size, 3);
    assert.equal((await request('GET', `/admin/users?search=${encodeURIComponent('%')}`)).body.total, 0);
    assert.doesNotMatch(JSON.stringify(all), /hash|argon2/);
    isProblem(await request('GET', '/admin/users?limit=101'), 400, 'invalid_parameter');
  });

  test('ADM-02 an administrator is made and unmade, and old tokens do not keep the rank', async () => {
    const other = await register(store.server);
    assert.equal((await request('PUT', `/admin/users/${other.user.id}/admin`, { is_admin: true })).status, 204);
    isProblem(await me(store.server, other.access_token), 401, 'invalid_token');
    const refreshed = (await ask(store.server, 'POST', '/auth/refresh', { body: { refresh_token: other.refresh_token } })).body;
    assert.equal(refreshed.user.is_admin, true);
    assert.equal((await request('GET', '/admin/users', undefined, refreshed.access_token)).status, 200);
    assert.equal((await request('PUT', `/admin/users/${other.user.id}/admin`, { is_admin: false })).status, 204);
    isProblem(await request('GET', '/admin/users', undefined, refreshed.access_token), 401, 'invalid_token');
    isProblem(await request('PUT', `/admin/users/${admin.user.id}/admin`, { is_admin: false }), 400, 'own_account');
    isProblem(await request('DELETE', `/admin/users/${admin.user.id}`), 400, 'own_account');
    isProblem(await request('PUT', '/admin/users/nobody/admin', { is_admin: true }), 404, 'not_found');
  });

  test('ADM-02 a disabled account is out until it is enabled again', async () => {
    const other = await register(store.server);
    const disable = (disabled) => request('PUT', `/admin/users/${other.user.id}/disabled`, { disabled });
    assert.equal((await disable(true)).status, 204);
    isProblem(await me(store.server, other.access_token), 401, 'invalid_token');
    isProblem(await login(store.server, other.user.username), 403, 'account_disabled');
    assert.equal((await ask(store.server, 'POST', '/auth/refresh', { body: { refresh_token: other.refresh_token } })).status, 401);
    assert.equal((await disable(false)).status, 204);
    assert.equal((await login(store.server, other.user.username)).status, 200);
  });

  test('ADM-02 an account that is removed is gone', async () => {
    const other = await register(store.server);
    assert.equal((await request('DELETE', `/admin/users/${other.user.id}`)).status, 204);
    isProblem(await me(store.server, other.access_token), 401, 'invalid_token');
    isProblem(await login(store.server, other.user.username), 401, 'invalid_credentials');
    isProblem(await request('DELETE', `/admin/users/${other.user.id}`), 404, 'not_found');
  });

  test('ADM-03 moderators are named and listed', async () => {
    const other = await register(store.server);
    assert.equal((await request('PUT', `/admin/sitemods/${other.user.id}`)).status, 204);
    assert.deepEqual((await request('GET', '/admin/sitemods')).body.map((each) => each.id), [other.user.id]);
    assert.equal((await login(store.server, other.user.username)).body.user.is_moderator, true);
    assert.equal((await request('DELETE', `/admin/sitemods/${other.user.id}`)).status, 204);
    assert.deepEqual((await request('GET', '/admin/sitemods')).body, []);
  });

  test('ACC-11 EXT-01 without mail the administrator hands over the link for a new password', async () => {
    const other = await register(store.server);
    const made = await request('POST', `/admin/users/${other.user.id}/password-reset`);
    assert.equal(made.status, 201, made.text);
    assert.ok(made.body.url.endsWith(made.body.token));
    const reset = await ask(store.server, 'POST', '/auth/password/reset', { body: { token: made.body.token, password: 'another password' } });
    assert.equal(reset.status, 200, reset.text);
    assert.equal((await login(store.server, other.user.username, 'another password')).status, 200);
  });

  test('ADM-01 the numbers of accounts', async () => {
    const { body } = await request('GET', '/admin/stats');
    assert.equal(body.users, (await request('GET', '/admin/users')).body.total);
    assert.ok(body.admins >= 1 && body.logins >= 1);
    assert.equal(body.new_users_by_day[0], body.users);
    assert.deepEqual([body.new_users_by_day.length, body.new_users_by_week.length, body.new_users_by_month.length], [30, 12, 12]);
  });
});
