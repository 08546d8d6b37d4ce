// The bus modules: the same behaviour within the process and on Redis, several servers, losses.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { metric } from '../support/metrics.mjs';
import { sleep } from '../support/process.mjs';
import { startRedis, store, storeModule, until } from '../support/stores.mjs';
import { buildFolder, startServer } from '../support/server.mjs';

const [ok, absent, unavailable, refused] = [0, 1, 2, 3];
let redis;
before(async () => {
  redis = await startRedis();
});
after(() => redis.end());

const backends = { local: () => 'memory:', redis: () => redis.url };

async function start(url, more = {}) {
  const server = await startServer({ env: { ...storeModule, CARDEA_BUS_URL: url, ...more } });
  await ready(server);
  return server;
}
const ready = (server) => until('the bus', async () => (await store(server, 'state')).bus);
const call = (server, name, key, more = {}) => store(server, 'bus', { call: name, key, ...more });
const heard = async (server) => (await store(server, 'state')).heard.map(({ channel, message }) => `${channel}: ${message}`);

/** Publishes until it is heard: a subscription takes a moment. */
const reaches = (from, to, channel) =>
  until(`${channel} to be heard`, async () => {
    await call(from, 'publish', channel, { value: 'probe' });
    return (await heard(to)).includes(`${channel}: probe`);
  });

for (const [name, url] of Object.entries(backends)) {
  describe(name, () => {
    let server;
    before(async () => {
      server = await start(url());
    });
    after(() => server.stop());

    test('a key is there until it is removed', async () => {
      const value = 'some "text"\r\n with ümläuts';
      assert.equal((await call(server, 'get', 'a')).status, absent);
      assert.equal((await call(server, 'set', 'a', { value })).status, ok);
      assert.deepEqual(await call(server, 'get', 'a'), { http: 200, status: ok, value, number: 0, ttl: -1 });
      assert.equal((await call(server, 'set', 'a', { value: '' })).status, ok);
      assert.equal((await call(server, 'get', 'a')).value, '');
      assert.equal((await call(server, 'remove', 'a')).status, ok);
      assert.equal((await call(server, 'remove', 'a')).status, absent);
      assert.equal((await call(server, 'get', 'a')).status, absent);
    });

    test('a key with a TTL ends by itself, and setting it again moves its end', async () => {
      await call(server, 'set', 'short', { value: 'x', ttl: 150 });
      await call(server, 'set', 'moved', { value: 'x', ttl: 150 });
      await call(server, 'set', 'moved', { value: 'y', ttl: 600_000 });
      const { ttl } = await call(server, 'get', 'moved');
      assert.ok(ttl > 500_000 && ttl <= 600_000, `${ttl}`);
      await until('the end of a key', async () => (await call(server, 'get', 'short')).status === absent);
      assert.equal((await call(server, 'get', 'moved')).value, 'y');
    });

    test('set_if_absent lets one of many win, and the next after the end', async () => {
      const all = await Promise.all(
        Array.from({ length: 20 }, (_, i) => call(server, 'set_if_absent', 'lock', { value: `${i}`, ttl: 400 })),
      );
      const winners = all.flatMap((each, i) => (each.status === ok ? [`${i}`] : []));
      assert.equal(winners.length, 1);
      assert.equal(all.filter((each) => each.status === absent).length, 19);
      assert.equal((await call(server, 'get', 'lock')).value, winners[0]);
      await until('the next winner', async () => (await call(server, 'set_if_absent', 'lock', { value: 'n', ttl: 400 })).status === ok);
    });

    test('a counter counts every call, and its end does not move', async () => {
      const all = await Promise.all(Array.from({ length: 50 }, () => call(server, 'add', 'n', { amount: 2, ttl: 600_000 })));
      assert.deepEqual(all.map((each) => each.number).sort((a, b) => a - b), Array.from({ length: 50 }, (_, i) => 2 * (i + 1)));
      const later = await call(server, 'add', 'n', { amount: -100, ttl: 9_000_000 });
      assert.equal(later.number, 0);
      assert.ok(later.ttl > 0 && later.ttl <= 600_000, `${later.ttl}`);
      await call(server, 'add', 'brief', { ttl: 150 });
      await until('a new counter', async () => (await call(server, 'add', 'brief', { ttl: 150 })).number === 1);
    });

    test('a counter without a TTL stays, and what is no number is refused and kept', async () => {
      assert.deepEqual(await call(server, 'add', 'plain', {}), { http: 200, status: ok, value: '', number: 1, ttl: -1 });
      assert.equal((await call(server, 'get', 'plain')).value, '1');
      await call(server, 'set', 'word', { value: 'abc' });
      assert.equal((await call(server, 'add', 'word', {})).status, refused);
      assert.equal((await call(server, 'get', 'word')).value, 'abc');
      await call(server, 'set', 'most', { value: '9223372036854775807' });
      assert.equal((await call(server, 'add', 'most', {})).status, refused);
      assert.equal((await call(server, 'get', 'most')).value, '9223372036854775807');
    });

    test('keys and values out of bounds are refused', async () => {
      for (const [key, value] of [['', 'x'], ['k'.repeat(257), 'x']]) {
        assert.equal((await call(server, 'set', key, { value })).status, refused);
        assert.equal((await call(server, 'publish', key, { value })).status, refused);
        assert.deepEqual(await call(server, 'subscribe', key), { http: 200, ok: false });
      }
      assert.equal((await call(server, 'set', 'k'.repeat(256), { value: 'x' })).status, ok);
    });

    test('messages come to who subscribed, in order, until it unsubscribes', async () => {
      assert.equal((await call(server, 'publish', 'news', { value: 'too early' })).status, ok);
      await call(server, 'subscribe', 'news');
      await call(server, 'subscribe', 'other');
      await reaches(server, server, 'news');
      await reaches(server, server, 'other');
      await heard(server);
      for (let i = 0; i < 20; ++i) {
        assert.equal((await call(server, 'publish', 'news', { value: `${i}` })).status, ok);
      }
      const got = [];
      await until('20 messages', async () => got.push(...(await heard(server))) >= 20);
      assert.deepEqual(got, Array.from({ length: 20 }, (_, i) => `news: ${i}`));
      await call(server, 'unsubscribe', 'news');
      await call(server, 'publish', 'news', { value: 'too late' });
      await reaches(server, server, 'other');
      assert.deepEqual((await heard(server)).filter((line) => line.startsWith('news')), []);
    });
  });

  test(`${name}: a full queue refuses and counts it`, async () => {
    const server = await start(url(), { CARDEA_BUS_QUEUE: '1' });
    try {
      const all = await Promise.all(Array.from({ length: 200 }, () => call(server, 'add', `full-${name}`)));
      const done = all.filter((each) => each.status === ok).length;
      const full = all.filter((each) => each.http === 503).length;
      assert.equal(done + full, 200);
      assert.ok(full > 0, 'the queue was never full');
      assert.equal(await metric(server, `cardea_limit_hits_total{limit="bus_${name}_queue"}`), full);
      assert.equal((await call(server, 'get', `full-${name}`)).value, `${done}`, 'what was refused did not happen');
    } finally {
      await server.stop();
    }
  });
}

test('local: too many keys are refused until some end', async () => {
  const server = await start('memory:', { CARDEA_BUS_KEYS: '3' });
  try {
    for (const key of ['a', 'b']) {
      assert.equal((await call(server, 'set', key, { value: 'x' })).status, ok);
    }
    assert.equal((await call(server, 'add', 'c', { ttl: 150 })).status, ok);
    assert.equal((await call(server, 'set', 'd', { value: 'x' })).status, unavailable);
    assert.equal((await call(server, 'set', 'a', { value: 'y' })).status, ok, 'an old key can be set');
    await until('room', async () => (await call(server, 'set', 'd', { value: 'x' })).status === ok);
  } finally {
    await server.stop();
  }
});

test('redis: two servers share keys, counters and messages', async () => {
  const servers = await Promise.all([start(redis.url), start(redis.url)]);
  const [one, two] = servers;
  try {
    await call(one, 'set', 'shared', { value: 'from one' });
    assert.equal((await call(two, 'get', 'shared')).value, 'from one');
    await Promise.all(servers.flatMap((server) => Array.from({ length: 20 }, () => call(server, 'add', 'together'))));
    assert.equal((await call(one, 'get', 'together')).value, '40');
    await call(two, 'subscribe', 'between');
    await reaches(one, two, 'between');
    assert.deepEqual(await heard(one), [], 'who did not subscribe hears nothing');
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
});

test('Redis is stopped and started again under requests: clear answers, recovery by itself', async () => {
  const server = await start(redis.url);
  try {
    await call(server, 'subscribe', 'after');
    await reaches(server, server, 'after');
    await redis.stop('SIGKILL');
    await until('the loss', async () => !(await store(server, 'state')).bus);
    const began = Date.now();
    assert.equal((await call(server, 'set', 'x', { value: 'y' })).status, unavailable);
    assert.ok(Date.now() - began < 3000, 'without waiting');
    await redis.start();
    await ready(server);
    assert.equal((await call(server, 'set', 'x', { value: 'y' })).status, ok);
    await reaches(server, server, 'after');
    assert.match(server.log(), /redis cannot be reached, for commands/);
    assert.match(server.log(), /redis can be reached again, for messages/);
    assert.doesNotMatch(server.log(), /sesame/);
  } finally {
    await server.stop();
  }
});

test('a Redis that does not answer is given up, and found again', async () => {
  const server = await start(redis.url);
  try {
    redis.pause();
    assert.equal((await call(server, 'add', 'stuck')).status, unavailable);
    redis.resume();
    await ready(server);
    assert.equal((await call(server, 'set', 'x', { value: 'y' })).status, ok);
  } finally {
    redis.resume();
    await server.stop();
  }
});

test('a server starts without its Redis and finds it later; a wrong password is told', async () => {
  await redis.stop();
  const server = await startServer({ env: { ...storeModule, CARDEA_BUS_URL: redis.url } });
  const wrong = await startServer({ env: { ...storeModule, CARDEA_BUS_URL: redis.url.replace('sesame', 'secret') } });
  try {
    assert.equal((await call(server, 'get', 'x')).status, unavailable);
    await redis.start();
    await ready(server);
    assert.equal((await call(server, 'set', 'x', { value: 'y' })).status, ok);
    await sleep(200);
    assert.equal((await call(wrong, 'get', 'x')).status, unavailable);
    assert.doesNotMatch(wrong.log(), /open.secret/);
  } finally {
    await Promise.all([server.stop(), wrong.stop()]);
  }
});

for (const url of ['redis://', 'redis://host:0', 'redis://host:port', 'redis://u:hunter2@host/x', 'redis://u:hunter2%zz@host', 'redis://[::1']) {
  test(`${url} is no URL of a Redis: the start stops with 2 and no password`, () => {
    const result = spawnSync(join(buildFolder(), 'bin', 'cardea'), ['--data', '/nonexistent'], {
      encoding: 'utf8',
      timeout: 30_000,
      env: { ...process.env, CARDEA_BUS_URL: url },
    });
    assert.equal(result.status, 2, result.stderr);
    assert.match(result.stderr, /\[bus\] url: wants redis:/);
    assert.doesNotMatch(result.stderr, /hunter2/);
  });
}
