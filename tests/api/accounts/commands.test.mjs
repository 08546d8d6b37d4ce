// The command line: accounts and room tokens without a running server.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ask, login, me, quick } from '../../support/accounts.mjs';
import { forEachStore } from '../../support/each_store.mjs';
import { temporaryFolder } from '../../support/process.mjs';
import { buildFolder, startServer } from '../../support/server.mjs';

forEachStore((newUrl) => {
  let folder;
  before(async () => {
    folder = await temporaryFolder('commands');
  });
  after(() => folder?.remove());

  const run = (url, ...words) =>
    spawnSync(join(buildFolder(), 'bin', 'cardea'), [...words, '--data', folder.path], {
      encoding: 'utf8',
      timeout: 60_000,
      env: { ...process.env, ...quick, CARDEA_DATABASE_URL: url },
    });
  const good = (...all) => {
    const done = run(...all);
    assert.equal(done.status, 0, done.stderr);
    return done.stdout;
  };
  const withServer = async (url, check) => {
    const server = await startServer({ env: { ...quick, CARDEA_DATABASE_URL: url }, folder: folder.path });
    try {
      await check(server);
    } finally {
      await server.stop();
    }
  };

  test('DBM-05 seed --dev makes two people with one team, and only in an empty database', async () => {
    const url = newUrl();
    assert.equal(run(url, 'seed').status, 2);
    assert.match(good(url, 'seed', '--dev'), /michael@dundermifflin\.com/);
    const again = run(url, 'seed', '--dev');
    assert.equal(again.status, 1);
    assert.match(again.stderr, /accounts already/);
    const server = await startServer({ env: { ...quick, CARDEA_DATABASE_URL: url, CARDEA_TEAMS_ENABLED: 'yes' }, folder: folder.path });
    try {
      const michael = (await login(server, 'michael@dundermifflin.com', 'hoppless')).body;
      const dwight = (await login(server, 'dwight@dundermifflin.com', 'hoppless')).body;
      assert.equal(michael.user.is_admin, true);
      assert.equal(dwight.user.is_admin, false);
      const mates = (await ask(server, 'GET', '/teammates', { token: dwight.access_token })).body;
      assert.deepEqual(mates.map((each) => each.username), ['dwight', 'michael']);
    } finally {
      await server.stop();
    }
  });

  test('ADM-06 an administrator is made, an account promoted, a password reset', async () => {
    const url = newUrl().replace('data.db', 'admin.db');
    const made = good(url, 'admin', 'create', 'boss', '--email', 'boss@example.org');
    const secret = /password: (\S+)/.exec(made)[1];
    assert.equal(run(url, 'admin', 'create', 'boss').status, 1);
    assert.equal(run(url, 'admin', 'create', 'a b').status, 2);
    await withServer(url, async (server) => {
      const boss = await login(server, 'boss', secret);
      assert.equal(boss.status, 200, boss.text);
      assert.equal(boss.body.user.is_admin, true);
      const user = await ask(server, 'POST', '/auth/register', { body: { username: 'worker', password: 'a first password' } });
      // Beside the running server, which learns of it.
      good(url, 'admin', 'promote', 'worker');
      assert.equal((await login(server, 'worker', 'a first password')).body.user.is_admin, true);
      good(url, 'admin', 'reset-password', 'worker', '--password', 'a second password');
      assert.equal((await login(server, 'worker', 'a first password')).status, 401);
      assert.equal((await login(server, 'worker', 'a second password')).status, 200);
      const end = Date.now() + 30_000;
      while ((await me(server, user.body.access_token)).status !== 401) {
        assert.ok(Date.now() < end, 'the old token still counts');
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    });
    assert.equal(run(url, 'admin', 'promote', 'nobody').status, 1);
  });

  test('ADM-06 INV-04 admin invite makes codes, each good for one account', async () => {
    const url = newUrl().replace('data.db', 'invite.db');
    assert.equal(run(url, 'admin', 'invite', '--count', '51').status, 2);
    assert.equal(run(url, 'admin', 'invite', '--count').status, 2);
    const codes = good(url, 'admin', 'invite', '--count', '3', '--note', 'for the team').trim().split('\n');
    assert.equal(new Set(codes).size, 3);
    assert.ok(codes.every((code) => /^[\w-]{16}$/.test(code)));
    assert.match(good(url, 'admin', 'invite').trim(), /^[\w-]{16}$/);
    const env = { ...quick, CARDEA_DATABASE_URL: url, CARDEA_INVITES_REQUIRED: 'yes' };
    const server = await startServer({ env, folder: folder.path });
    try {
      const join = (username, invite_code) =>
        ask(server, 'POST', '/auth/register', { body: { username, password: 'a first password', invite_code } });
      assert.equal((await join('keeper')).status, 201);
      assert.equal((await join('invited', codes[0])).status, 201);
      assert.equal((await join('latecomer', codes[0])).body.code, 'invite_used');
      assert.equal((await join('uninvited')).body.code, 'invite_required');
    } finally {
      await server.stop();
    }
  });

  test('cardea token makes a room token that the server takes', async () => {
    const url = newUrl().replace('data.db', 'token.db');
    assert.equal(run(url, 'token', '--room', 'x').status, 2);
    const token = good(url, 'token', '--room', 'General', '--identity', 'alice', '--name', 'Alice').trim();
    await withServer(url, async (server) => {
      const shown = await ask(server, 'POST', '/room-tokens/verify', { body: { token } });
      assert.deepEqual(shown.body, { identity: 'alice', name: 'Alice', metadata: '', video: { room: 'General', roomJoin: true } });
    });
  });

  test('a word that nobody knows is an error that lists the commands', () => {
    const wrong = run(newUrl(), 'amdin');
    assert.equal(wrong.status, 2);
    assert.match(wrong.stderr, /unknown argument: amdin/);
    assert.match(wrong.stderr, /cardea admin create NAME/);
  });
});
