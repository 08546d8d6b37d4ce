// What an operator may choose about accounts, and what only time brings.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { ask, freshName, isProblem, login, me, password, quick, register } from '../../support/accounts.mjs';
import { forEachStore } from '../../support/each_store.mjs';
import { temporaryFolder } from '../../support/process.mjs';
import { startServer } from '../../support/server.mjs';
import { startSmtp } from '../../support/smtp_server.mjs';
import { until } from '../../support/stores.mjs';

const script = 'import sqlite3,sys; c=sqlite3.connect(sys.argv[1], timeout=20); c.execute(sys.argv[2]); c.commit()';

forEachStore((newUrl) => {
  /** A server with a database of its own; `sql(text)` changes it beside the server. */
  async function withServer(env, check) {
    const folder = await temporaryFolder('choices');
    const url = newUrl();
    const sql = (text) =>
      url.startsWith('sqlite')
        ? execFileSync('python3', ['-c', script, join(folder.path, 'data.db'), text])
        : execFileSync('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-c', text, url]);
    const server = await startServer({ env: { ...quick, CARDEA_DATABASE_URL: url, ...env }, folder: folder.path });
    try {
      await check(server, sql);
    } finally {
      await server.stop();
      await folder.remove();
    }
  }

  test('ACC-02 the longest user name and the reserved names are the operator\'s', async () => {
    await withServer({ CARDEA_AUTH_USERNAME_MAX: '16', CARDEA_AUTH_RESERVED_NAMES: 'Janitor,root' }, async (server) => {
      const ask201 = async (username) => (await ask(server, 'POST', '/auth/register', { body: { username, password } })).body;
      assert.equal((await ask201('a'.repeat(16))).user.username.length, 16);
      assert.equal((await ask201('a'.repeat(17))).code, 'invalid_username');
      assert.equal((await ask201('JANITOR')).code, 'reserved_username');
      assert.equal((await ask201('admin')).user.username, 'admin');
      isProblem(await ask(server, 'POST', '/auth/guest', { body: { handle: 'root' } }), 400, 'reserved_username');
    });
  });

  test('ACC-07 reuse_revokes = all: a used refresh token ends every login of its account, and nobody else\'s', async () => {
    await withServer({ CARDEA_AUTH_REUSE_REVOKES: 'all' }, async (server) => {
      const stranger = await register(server);
      const made = await register(server);
      const other = (await login(server, made.user.username)).body;
      const refresh = (token) => ask(server, 'POST', '/auth/refresh', { body: { refresh_token: token } });
      assert.equal((await refresh(made.refresh_token)).status, 200);
      isProblem(await refresh(made.refresh_token), 401, 'refresh_token_reused');
      isProblem(await refresh(other.refresh_token), 401, 'invalid_refresh_token');
      isProblem(await me(server, other.access_token), 401, 'invalid_token');
      assert.equal((await me(server, stranger.access_token)).status, 200);
      assert.equal((await login(server, made.user.username)).status, 200);
    });
  });

  test('ACC-11 ACC-07 A4 links and refresh tokens end by time, and what has expired is refused', async () => {
    const smtp = await startSmtp();
    const mail = { CARDEA_MAIL_URL: smtp.url, CARDEA_MAIL_FROM: 'Cardea <cardea@example.org>', CARDEA_MAIL_ALLOW_PLAIN: 'yes' };
    try {
      await withServer({ ...mail, CARDEA_AUTH_RESET_TTL_MINUTES: '5' }, async (server, sql) => {
        const username = freshName();
        const made = await register(server, { username, email: `${username}@example.org` });
        const mailed = async (count) => {
          await until('a mail', () => smtp.mails.length >= count);
          return /[\w-]{43}/.exec(smtp.mails[count - 1].text)[0];
        };
        const verify = await mailed(1);
        assert.equal((await ask(server, 'POST', '/auth/email/verify', { body: { token: verify } })).status, 200);
        await ask(server, 'POST', '/auth/password/forgot', { body: { login: username } });
        const token = await mailed(2);
        const later = (table, seconds) => sql(`UPDATE ${table} SET expires_at = expires_at - ${seconds}`);
        const reset = (code = token) => ask(server, 'POST', '/auth/password/reset', { body: { token: code, password: 'another password' } });
        later('auth_codes', 301);
        isProblem(await reset(), 400, 'invalid_token');
        // A fresh one is good.
        await ask(server, 'POST', '/auth/password/forgot', { body: { login: username } });
        assert.equal((await reset(await mailed(3))).status, 200);
        const fresh = (await login(server, username, 'another password')).body;
        later('auth_refresh_tokens', 31 * 86_400);
        isProblem(await ask(server, 'POST', '/auth/refresh', { body: { refresh_token: fresh.refresh_token } }), 401, 'invalid_refresh_token');
        assert.equal((await me(server, made.access_token)).status, 401);
      });
    } finally {
      await smtp.end();
    }
  });

  test('S18 SEC-08 two clients behind one proxy have two buckets, and a forged header changes nothing', async () => {
    const limits = { CARDEA_LIMITS_ENABLED: 'yes', CARDEA_LIMITS_GLOBAL_PER_MINUTE: '0', CARDEA_AUTH_LIMIT_LOGIN: '3/15m' };
    const attempt = (server, forwarded) =>
      ask(server, 'POST', '/auth/login', { body: { login: 'nobody', password }, headers: { 'X-Forwarded-For': forwarded } });
    const statuses = async (server, all) => {
      const out = [];
      for (const each of all) {
        out.push((await attempt(server, each)).status);
      }
      return out;
    };
    await withServer({ ...limits, CARDEA_HOST_TRUSTED_PROXIES: '127.0.0.1,::1,10.0.0.0/8' }, async (server) => {
      assert.deepEqual(await statuses(server, Array(4).fill('203.0.113.1')), [401, 401, 401, 429]);
      assert.deepEqual(await statuses(server, ['203.0.113.2']), [401]);
      // What stands further to the left was written by the client.
      assert.deepEqual(await statuses(server, ['198.51.100.7, 203.0.113.1', '203.0.113.9, 10.0.0.1, 203.0.113.1']), [429, 429]);
      assert.deepEqual(await statuses(server, ['203.0.113.1, 10.1.2.3']), [429]);
    });
    await withServer(limits, async (server) => {
      assert.deepEqual(await statuses(server, ['203.0.113.1', '203.0.113.2', '203.0.113.3', '203.0.113.4']), [401, 401, 401, 429]);
    });
  });
});
