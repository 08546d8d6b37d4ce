// Presence: who is here, with several devices, after losses, over two servers, and who may know it.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { rest } from '../../support/each_store.mjs';
import { device } from '../../support/live_client.mjs';
import { sleep } from '../../support/process.mjs';
import { buildFolder, startServer } from '../../support/server.mjs';
import { startRedis, until } from '../../support/stores.mjs';

// Tokens of a module for tests say who one is: "user:ann".
const env = {
  CARDEA_MODULES_PATHS: join(buildFolder(), 'lib', 'tests', 'rest'),
  CARDEA_MODULES_DISABLE: 'auth,invites,profiles,rooms',
  CARDEA_LIMITS_ENABLED: 'no',
};
const statuses = async (server, viewer, users) => {
  const answer = await rest(server, 'GET', `/presence?user_ids=${users}`, { token: `user:${viewer}` });
  assert.equal(answer.status, 200, answer.text);
  return answer.body.map((each) => each.status).join(' ');
};
const closeAll = (devices) => devices.forEach((each) => each.socket.close());

describe('one server', () => {
  let server;
  before(async () => {
    server = await startServer({ env });
  });
  after(() => server.stop());

  test('PRE-01 several devices of a user are one: online with the first, offline with the last', async () => {
    const watcher = await device(server, 'user:w1');
    const [one, two] = [await device(server, 'user:ann'), await device(server, 'user:ann')];
    const online = await watcher.until('user:online', { user_id: 'ann' });
    assert.deepEqual(online.payload, { user_id: 'ann', username: 'ann', status: 'online' });
    assert.equal(await statuses(server, 'w1', 'ann,nobody'), 'online offline');
    await one.leave();
    assert.equal(await statuses(server, 'w1', 'ann'), 'online');
    await two.leave();
    await watcher.until('user:offline', { user_id: 'ann' });
    assert.equal(watcher.events.filter((each) => each.payload.user_id === 'ann').length, 2);
    assert.equal(await statuses(server, 'w1', 'ann'), 'offline');
    closeAll([watcher]);
  });

  test('PRE-02 online and offline reach others within a second', async () => {
    const watcher = await device(server, 'user:w2');
    const begun = Date.now();
    const ben = await device(server, 'user:ben');
    await watcher.until('user:online', { user_id: 'ben' });
    assert.ok(Date.now() - begun < 1000 + 500, 'with the connection itself');
    const left = Date.now();
    await ben.leave();
    await watcher.until('user:offline', { user_id: 'ben' });
    assert.ok(Date.now() - left < 1000);
    closeAll([watcher]);
  });

  test('PRE-03 who comes back in time was never away; a lost one is offline after the grace', async () => {
    const watcher = await device(server, 'user:w3');
    const first = await device(server, 'user:cat');
    await watcher.until('user:online', { user_id: 'cat' });
    first.cut();
    await sleep(1000);
    const second = await device(server, 'user:cat');
    await sleep(1500);
    second.cut();
    const cut = Date.now();
    await watcher.until('user:offline', { user_id: 'cat' });
    const grace = Date.now() - cut;
    assert.ok(grace > 13_000 && grace < 19_000, `a fresh heartbeat gives 15 s: ${grace} ms`);
    assert.equal(watcher.events.filter((each) => each.payload.user_id === 'cat').length, 2);
    closeAll([watcher]);
  });

  test('PRE-05 a status is told; invisible looks offline to others, not to oneself', async () => {
    const watcher = await device(server, 'user:w5');
    const dan = await device(server, 'user:dan');
    await watcher.until('user:online', { user_id: 'dan' });
    dan.say('set_status', { status: 'dnd' });
    assert.equal((await watcher.until('user:status', { user_id: 'dan' })).payload.status, 'dnd');
    dan.say('SetStatus', { status: 'invisible' });
    assert.equal((await watcher.until('user:offline', { user_id: 'dan' })).payload.status, 'offline');
    await dan.until('user:status', { user_id: 'dan', status: 'invisible' });
    assert.equal(await statuses(server, 'w5', 'dan'), 'offline');
    assert.equal(await statuses(server, 'dan', 'dan'), 'invisible');
    dan.say('set_status', { status: 'asleep' });
    assert.equal((await dan.until('error')).payload.code, 'invalid_status');
    dan.say('set_status', { status: 'idle' });
    assert.equal((await watcher.until('user:online', { user_id: 'dan', status: 'idle' })).payload.username, 'dan');
    const many = Array.from({ length: 201 }, (_, i) => `u${i}`).join();
    assert.equal((await rest(server, 'GET', `/presence?user_ids=${many}`, { token: 'user:w5' })).status, 400);
    assert.equal((await rest(server, 'GET', '/presence')).status, 401);
    assert.equal((await rest(server, 'GET', '/presence', { token: 'guest:gus' })).status, 403);
    closeAll([watcher, dan]);
  });

  test('PRE-05 changes within a moment are told as one', async () => {
    const watcher = await device(server, 'user:w6');
    const eve = await device(server, 'user:eve');
    await watcher.until('user:online', { user_id: 'eve' });
    for (const status of ['dnd', 'online', 'dnd', 'online', 'idle']) {
      eve.say('set_status', { status });
    }
    await watcher.until('user:status', { user_id: 'eve', status: 'idle' });
    assert.ok(watcher.events.filter((each) => each.payload.user_id === 'eve').length <= 3);
    closeAll([watcher, eve]);
  });

  test('PRE-05 old clients poll: everybody first, then what changed', async () => {
    const poll = async (query) => (await rest(server, 'GET', `/presence/poll?${query}`, { token: 'user:w7' })).body;
    const all = await poll('');
    assert.equal(all.full, true);
    assert.deepEqual(await poll(`cursor=${all.cursor}&wait=0`), { cursor: all.cursor, full: false, users: [] });
    const waiting = poll(`cursor=${all.cursor}&wait=20`);
    const fay = await device(server, 'user:fay');
    const changed = await waiting;
    assert.equal(changed.full, false);
    assert.ok(changed.users.some((each) => each.user_id === 'fay' && each.status === 'online'));
    assert.ok((await poll('')).users.some((each) => each.user_id === 'fay'));
    assert.equal((await poll('cursor=elsewhere:7')).full, true);
    closeAll([fay]);
  });
});

test('PRE-09 with scope=rooms nobody sees those whom he shares no room with', async () => {
  const server = await startServer({ env: { ...env, CARDEA_PRESENCE_SCOPE: 'rooms' } });
  try {
    const [gil, hal] = [await device(server, 'user:gil'), await device(server, 'user:hal')];
    assert.equal(await statuses(server, 'gil', 'gil,hal'), 'online offline');
    assert.deepEqual(
      (await rest(server, 'GET', '/presence', { token: 'user:gil' })).body.map((each) => each.user_id),
      ['gil'],
    );
    await hal.until('user:online', { user_id: 'hal' });
    hal.say('set_status', { status: 'dnd' });
    await hal.until('user:status', { user_id: 'hal' });
    assert.ok(!gil.events.some((each) => each.payload.user_id === 'hal'));
    closeAll([gil, hal]);
  } finally {
    await server.stop();
  }
});

describe('two servers on one Redis', () => {
  let redis;
  let servers;
  before(async () => {
    redis = await startRedis();
    const more = { CARDEA_BUS_URL: redis.url, CARDEA_PRESENCE_NODE_TIMEOUT: '6' };
    servers = await Promise.all([startServer({ env: { ...env, ...more } }), startServer({ env: { ...env, ...more } })]);
  });
  after(async () => {
    await Promise.all((servers ?? []).map((each) => each.stop()));
    await redis?.end();
  });

  test('PRE-08 both servers have one picture; a crash of one leaves nobody behind', async () => {
    const [here, there] = servers;
    const watcher = await device(here, 'user:w8');
    const ivy = await device(there, 'user:ivy');
    const jon = [await device(here, 'user:jon'), await device(there, 'user:jon')];
    await watcher.until('user:online', { user_id: 'ivy' });
    await watcher.until('user:online', { user_id: 'jon' });
    assert.equal(await statuses(here, 'w8', 'ivy,jon'), 'online online');
    await until('the other sees it', async () => (await statuses(there, 'ivy', 'w8,jon')) === 'online online');
    jon[1].say('set_status', { status: 'dnd' });
    await watcher.until('user:status', { user_id: 'jon', status: 'dnd' });
    const crashed = Date.now();
    process.kill(there.pid, 'SIGKILL');
    servers.pop();
    await watcher.until('user:offline', { user_id: 'ivy' });
    assert.ok(Date.now() - crashed < 30_000);
    assert.equal(await statuses(here, 'w8', 'ivy,jon'), 'offline online');
    assert.ok(!watcher.events.some((each) => each.type === 'user:offline' && each.payload.user_id === 'jon'));
    // One that starts now learns at once who is here, and nothing of before.
    const late = await startServer({ env: { ...env, CARDEA_BUS_URL: redis.url } });
    servers.push(late);
    await until('it knows', async () => (await statuses(late, 'x', 'jon,ivy,w8')) === 'online offline online');
    closeAll([watcher, ...jon, ivy]);
  });
});
