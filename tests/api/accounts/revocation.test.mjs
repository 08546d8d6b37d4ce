// Tokens that count no more: at every server at once, and the sockets that they opened are closed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import WebSocket from 'ws';
import { ask, isProblem, login, me, password, quick, register } from '../../support/accounts.mjs';
import { startServer } from '../../support/server.mjs';
import { startPostgres, startRedis, until } from '../../support/stores.mjs';

// Two servers that share Postgres and Redis: what is said at the first must be so at the second.
const database = 'test_1'; // the first that startPostgres() makes
let postgres, redis, first, second, admin;
before(async () => {
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  const env = { ...quick, CARDEA_DATABASE_URL: postgres.database(), CARDEA_BUS_URL: redis.url };
  first = await startServer({ env });
  second = await startServer({ env });
  admin = await register(first, { username: 'keeper' });
});
after(async () => {
  await first?.stop();
  await second?.stop();
  await redis?.end();
  await postgres?.end();
});

const socketPaths = ['/ws', '/ws/signal'];

/** A socket that knows who one is. @returns its path, and `closed`: code and reason, once it is. */
function open(server, path, token) {
  const socket = new WebSocket(`${server.httpUrl.replace('http', 'ws')}/api/v1${path}?token=${token}`);
  const closed = new Promise((resolve) => socket.on('close', (code, reason) => resolve([code, String(reason)])));
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.once('message', () => resolve({ path, socket, closed }));
    closed.then((how) => reject(new Error(`${path} was closed: ${how}`)));
  });
}
const openAll = (server, token) => Promise.all(socketPaths.map((path) => open(server, path, token)));

async function areClosed(sockets) {
  for (const { path, socket, closed } of sockets) {
    await until(`${path} is closed`, () => socket.readyState >= WebSocket.CLOSING);
    assert.equal((await closed)[0], 1008, path);
  }
}
const refused = (server, token) => until('the token is refused', async () => (await me(server, token)).status === 401);

test('ACC-08 RED-02 a logout at one server closes the sockets at another, and the token counts no more', async () => {
  const made = await register(first);
  const other = (await login(second, made.user.username)).body;
  assert.equal((await me(second, made.access_token)).status, 200);
  const sockets = [...(await openAll(second, made.access_token)), await open(first, '/ws', made.access_token)];
  const [kept] = [await open(second, '/ws', other.access_token)];
  assert.equal((await ask(first, 'POST', '/auth/logout', { token: made.access_token })).status, 204);
  await areClosed(sockets);
  await refused(second, made.access_token);
  isProblem(await ask(second, 'POST', '/auth/refresh', { body: { refresh_token: made.refresh_token } }), 401, 'invalid_refresh_token');
  // Another login of the same account goes on.
  assert.equal((await me(second, other.access_token)).status, 200);
  assert.equal(kept.socket.readyState, WebSocket.OPEN);
  kept.socket.close();
});

test('A4 ACC-09 another password ends the other logins at all servers', async () => {
  const made = await register(first);
  const stolen = (await login(second, made.user.username)).body;
  const sockets = await openAll(second, stolen.access_token);
  const body = { current_password: password, new_password: 'another password' };
  assert.equal((await ask(first, 'PUT', '/auth/password', { token: made.access_token, body })).status, 204);
  await areClosed(sockets);
  await refused(second, stolen.access_token);
  assert.equal((await me(second, made.access_token)).status, 200);
});

test('ADM-02 an account that is disabled is out everywhere', async () => {
  const made = await register(first);
  const sockets = await openAll(second, made.access_token);
  const disable = (disabled) =>
    ask(first, 'PUT', `/admin/users/${made.user.id}/disabled`, { token: admin.access_token, body: { disabled } });
  const answer = await disable(true);
  assert.ok(answer.status < 300, answer.text);
  await areClosed(sockets);
  await refused(second, made.access_token);
  isProblem(await login(second, made.user.username), 403, 'account_disabled');
});

test('ACC-13 with an account its sockets, profile, picture and settings end', async () => {
  const made = await register(first);
  const token = made.access_token;
  const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
  const drawn = await ask(first, 'POST', '/users/me/avatar', { token, raw: png, headers: { 'Content-Type': 'image/png' } });
  assert.ok(drawn.status < 300, drawn.text);
  const profile = await ask(first, 'PUT', '/profile', { token, body: { name: 'Ann', description: 'here', expertise: { weaving: 4 } } });
  assert.equal(profile.status, 200, profile.text);
  const picture = () => ask(second, 'GET', `/users/${made.user.id}/avatar`);
  assert.equal((await picture()).status, 200);
  const sockets = await openAll(second, token);
  assert.equal((await ask(first, 'POST', '/auth/delete-account', { token, body: { password } })).status, 204);
  await areClosed(sockets);
  await refused(second, token);
  assert.equal((await picture()).status, 404);
  const tables = postgres
    .sql("SELECT table_name || ' ' || column_name FROM information_schema.columns WHERE column_name IN ('user_id', 'blocked_id', 'id') AND table_schema = 'public'", database)
    .split('\n')
    .map((line) => line.split(' '));
  assert.ok(tables.length > 5);
  for (const [table, column] of tables) {
    assert.equal(postgres.sql(`SELECT count(*) FROM ${table} WHERE ${column}::text = '${made.user.id}'`, database), '0', table);
  }
});

test('what another process revokes closes sockets too', async () => {
  // `cardea admin` changes tables and does not speak on the bus.
  const made = await register(first);
  const sockets = await openAll(second, made.access_token);
  const expires = Math.floor(Date.now() / 1000) + 3600;
  const { sid } = JSON.parse(Buffer.from(made.access_token.split('.')[1], 'base64url'));
  postgres.sql(`INSERT INTO auth_revocations (kind, subject, generation, expires_at) VALUES ('session', '${sid}', 0, ${expires})`, database);
  await areClosed(sockets);
  await refused(second, made.access_token);
});
