// Many at once, and crashes: no account twice, no code spent without an account, nothing lost that was promised.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, forEachStore, login, password, quick, register } from '../../support/accounts.mjs';
import { temporaryFolder } from '../../support/process.mjs';
import { startServer } from '../../support/server.mjs';

const registered = (server, body) => ask(server, 'POST', '/auth/register', { body: { password, ...body } });

forEachStore({ CARDEA_AUTH_ARGON2_QUEUE: '1000' }, (store) => {
  test('INV-02 of 30 first registrations at once exactly one makes an administrator', async () => {
    const server = await store.start();
    try {
      const all = await Promise.all(Array.from({ length: 30 }, (_, i) => registered(server, { username: `first_${i}` })));
      assert.deepEqual([...new Set(all.map((each) => each.status))], [201]);
      assert.equal(all.filter((each) => each.body.user.is_admin).length, 1);
    } finally {
      await server.stop();
    }
  });

  test('A8 INV-04 of 200 clients with one code exactly one gets an account', async () => {
    const server = await store.start({ CARDEA_INVITES_REQUIRED: 'yes' });
    try {
      const admin = await register(server);
      const [{ code }] = (await ask(server, 'GET', '/registration-invites', { token: admin.access_token })).body;
      const without = await registered(server, { username: 'nobody' });
      assert.equal(without.body.code, 'invite_required');
      const all = await Promise.all(Array.from({ length: 200 }, (_, i) => registered(server, { username: `race_${i}`, invite_code: code })));
      assert.equal(all.filter((each) => each.status === 201).length, 1);
      assert.deepEqual([...new Set(all.filter((each) => each.status !== 201).map((each) => each.body.code))], ['invite_used']);
      const users = (await ask(server, 'GET', '/admin/users', { token: admin.access_token })).body;
      assert.equal(users.total, 2);
    } finally {
      await server.stop();
    }
  });

  test('every account that got 201 outlives a SIGKILL, and no code is spent without one', async () => {
    const folder = await temporaryFolder('killed');
    const env = { ...quick, CARDEA_DATABASE_URL: store.url().replace('data.db', 'killed.db'), CARDEA_AUTH_ARGON2_QUEUE: '1000', CARDEA_INVITES_REQUIRED: 'yes' };
    try {
      let server = await startServer({ env, folder: folder.path });
      const admin = await register(server, { username: 'keeper' });
      const codes = [];
      for (let i = 0; i < 20; ++i) {
        const made = await ask(server, 'POST', '/admin/registration-invites', { token: admin.access_token, body: { count: 50 } });
        codes.push(...made.body.invites.map((each) => each.code));
      }
      const promised = [];
      let asked = 0;
      const clients = Array.from({ length: 20 }, async () => {
        while (asked < 1000) {
          const i = asked++;
          const answer = await registered(server, { username: `kill_${i}`, invite_code: codes[i] }).catch(() => undefined);
          if (answer === undefined) {
            return;
          }
          if (answer.status === 201) {
            promised.push(`kill_${i}`);
          }
          if (promised.length === 150) {
            process.kill(server.pid, 'SIGKILL');
          }
        }
      });
      await Promise.all(clients);
      await server.stop().catch(() => {});
      assert.ok(promised.length >= 150 && promised.length < 1000);
      server = await startServer({ env, folder: folder.path });
      try {
        const token = (await login(server, 'keeper')).body.access_token;
        const list = async (path, key) => {
          const all = [];
          for (let offset = 0; ; offset += 100) {
            const page = (await ask(server, 'GET', `${path}?limit=100&offset=${offset}`, { token })).body;
            all.push(...page[key]);
            if (page[key].length < 100) {
              return all;
            }
          }
        };
        const names = new Map((await list('/admin/users', 'users')).map((each) => [each.username, each.id]));
        assert.deepEqual(promised.filter((name) => !names.has(name)), []);
        const ids = new Set(names.values());
        const invites = (await list('/admin/registration-invites', 'invites')).filter((each) => each.used);
        assert.equal(invites.length, names.size - 1);
        assert.ok(invites.every((each) => ids.has(each.used_by)));
      } finally {
        await server.stop();
      }
    } finally {
      await folder.remove();
    }
  });
});
