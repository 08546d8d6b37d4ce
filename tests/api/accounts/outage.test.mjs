// Postgres and Redis go away under requests of people and come back: clear answers, nothing twice, no word needed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, freshName, login, me, password, quick, register } from '../../support/accounts.mjs';
import { sleep } from '../../support/process.mjs';
import { startServer } from '../../support/server.mjs';
import { startPostgres, startRedis, until } from '../../support/stores.mjs';

const health = async (server) => (await ask(server, 'GET', '/health')).body;

/** Registrations one after another by several clients, until `stop()`, which gives what each name got. */
function registrations(server, clients = 4) {
  const got = new Map();
  let stopped = false;
  const running = Array.from({ length: clients }, async () => {
    while (!stopped) {
      const username = freshName('storm');
      const answer = await ask(server, 'POST', '/auth/register', { body: { username, password } });
      got.set(username, answer);
      await sleep(answer.status === 201 ? 5 : 50);
    }
  });
  const count = (status) => [...got.values()].filter((each) => each.status === status).length;
  return {
    count,
    async stop() {
      stopped = true;
      await Promise.all(running);
      return got;
    },
  };
}

function areClear(answers) {
  for (const [name, answer] of answers) {
    assert.ok([201, 503].includes(answer.status), `${name}: ${answer.status} ${answer.text}`);
    if (answer.status === 503) {
      assert.match(answer.headers.get('content-type'), /^application\/problem\+json/);
      assert.ok(answer.body.code && answer.body.error && answer.body.status === 503, answer.text);
      assert.doesNotMatch(answer.text, /SELECT|INSERT|libpq|127\.0\.0\.1/);
    }
  }
}

test('DBM-03 Postgres goes away under registrations: 503 and degraded, no account twice or lost, and it goes on by itself', async () => {
  const postgres = await startPostgres();
  let server;
  try {
    server = await startServer({ env: { ...quick, CARDEA_DATABASE_URL: postgres.database() } });
    const keeper = await register(server, { username: 'keeper' });
    assert.deepEqual([(await health(server)).status, (await health(server)).database], ['healthy', 'up']);
    const storm = registrations(server);
    for (const signal of ['SIGINT', 'SIGKILL']) {
      const [made, refused] = [storm.count(201), storm.count(503)];
      await until('accounts are made', () => storm.count(201) > made + 10);
      await postgres.stop(signal);
      await until('requests are refused', () => storm.count(503) > refused + 4);
      await until('health says so', async () => {
        const { status, database } = await health(server);
        return status === 'degraded' && database === 'down';
      });
      assert.equal((await me(server, keeper.access_token)).status, 503);
      assert.equal((await login(server, 'keeper')).status, 503);
      await postgres.start();
      await until('accounts are made again', () => storm.count(201) > made + 20);
      await until('health is well', async () => (await health(server)).status === 'healthy');
    }
    const answers = await storm.stop();
    areClear(answers);
    const rows = postgres.sql('SELECT username FROM users', 'test_1').split('\n');
    assert.equal(new Set(rows).size, rows.length);
    const promised = [...answers].filter(([, answer]) => answer.status === 201).map(([name]) => name);
    assert.deepEqual(promised.filter((name) => !rows.includes(name)), []);
    // What was refused was not done, or was done before the word got lost: then the name is taken, by this one account.
    for (const name of [...answers.keys()].filter((each) => !promised.includes(each)).slice(0, 20)) {
      const again = await ask(server, 'POST', '/auth/register', { body: { username: name, password } });
      assert.equal(again.status, rows.includes(name) ? 409 : 201, again.text);
    }
    assert.equal((await me(server, keeper.access_token)).status, 200);
  } finally {
    await server?.stop();
    await postgres.end();
  }
});

test('RED-01 Redis goes away under requests: people still come in, health says so, and limits and logouts hold again after it', async () => {
  const redis = await startRedis();
  let server;
  try {
    server = await startServer({ env: { ...quick, CARDEA_BUS_URL: redis.url, CARDEA_LIMITS_ENABLED: 'yes', CARDEA_LIMITS_GLOBAL_PER_MINUTE: '0', CARDEA_AUTH_LIMIT_REGISTER: '0', CARDEA_AUTH_LIMIT_LOGIN: '8/15m' } });
    const keeper = await register(server, { username: 'keeper' });
    await redis.stop('SIGKILL');
    await until('health says so', async () => {
      const { status, bus } = await health(server);
      return status === 'degraded' && bus === 'down';
    });
    const made = await register(server);
    assert.equal((await login(server, made.user.username)).status, 200);
    assert.equal((await ask(server, 'POST', '/auth/logout', { token: made.access_token })).status, 204);
    assert.equal((await me(server, made.access_token)).status, 401);
    await redis.start();
    await until('health is well', async () => (await health(server)).status === 'healthy');
    assert.equal((await me(server, keeper.access_token)).status, 200);
    const statuses = [];
    for (let i = 0; i < 10; ++i) {
      statuses.push((await login(server, 'keeper')).status);
    }
    assert.ok(statuses.includes(200) && statuses.at(-1) === 429, statuses.join());
  } finally {
    await server?.stop();
    await redis.end();
  }
});
