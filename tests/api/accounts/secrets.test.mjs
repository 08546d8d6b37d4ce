// Secrets of every kind are planted, used rightly and wrongly, and looked for in logs, errors, metrics and the command line.
// Beside this test every server of the suite is looked at when it ends (startServer's stop()).
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ask, forEachStore, jwt, jwtSecret, login, totp } from '../../support/accounts.mjs';
import { Browser } from '../../support/browser.mjs';
import { startFakeProvider } from '../../support/fake_provider.mjs';
import { startSmtp } from '../../support/smtp_server.mjs';
import { startRedis, until } from '../../support/stores.mjs';

const smtpPassword = 'planted-smtp-Zk3vQ8';
const databasePassword = 'planted-database-Rw7bN1';
const clientSecret = 'planted-client-secret';

forEachStore({}, (store) => {
  test('SEC-10 planted secrets stand in no log, no error and no metric', async () => {
    const [provider, smtp, redis] = await Promise.all([startFakeProvider('RS256'), startSmtp({ login: ['cardea', smtpPassword] }), startRedis()]);
    const seen = []; // every answer with an error
    const secrets = { smtpPassword, databasePassword, clientSecret, jwtSecret, redis: 'open%20sesame', providerToken: 'planted-access-token' };
    let server;
    const say = async (method, path, options) => {
      const answer = await ask(server, method, path, options);
      if (answer.status >= 400) {
        seen.push(`${path.split('?')[0]}: ${[...answer.headers].join()} ${answer.text}`);
      }
      return answer;
    };
    try {
      server = await store.start({
        CARDEA_DATABASE_URL: store.url().replace('//cardea@', `//cardea:${databasePassword}@`),
        CARDEA_BUS_URL: redis.url,
        CARDEA_LOG_LEVEL: 'debug',
        CARDEA_INVITES_REQUIRED: 'yes',
        CARDEA_MAIL_URL: smtp.url,
        CARDEA_MAIL_FROM: 'Cardea <cardea@example.org>',
        CARDEA_MAIL_ALLOW_PLAIN: 'yes',
        CARDEA_MAIL_USER: 'cardea',
        CARDEA_MAIL_PASSWORD: smtpPassword,
        CARDEA_OAUTH_GOOGLE_CLIENT_ID: 'cardea',
        CARDEA_OAUTH_GOOGLE_CLIENT_SECRET: clientSecret,
        CARDEA_OAUTH_GOOGLE_ISSUER: provider.url,
      });
      secrets.password = 'planted-password-Xe5t';
      secrets.newPassword = 'planted-new-password-Lm9';
      const made = (await say('POST', '/auth/register', { body: { username: 'keeper', password: secrets.password, email: 'keeper@example.org' } })).body;
      const token = (secrets.accessToken = made.access_token);
      secrets.refreshToken = made.refresh_token;
      const mailed = async (count) => {
        await until('a mail', () => smtp.mails.length >= count);
        return /token=([\w-]{43})|\s([\w-]{43})\s/.exec(smtp.mails[count - 1].text).slice(1).find(Boolean);
      };
      secrets.verification = await mailed(1);
      assert.equal((await say('POST', '/auth/email/verify', { body: { token: secrets.verification } })).status, 200);
      [{ code: secrets.invitation }] = (await say('GET', '/registration-invites', { token })).body;
      secrets.apiSecret = (await say('POST', '/admin/api-keys', { token, body: {} })).body.secret;
      secrets.totp = (await say('POST', '/auth/totp/setup', { token })).body.secret;
      const codes = (await say('POST', '/auth/totp/verify', { token, body: { code: totp(secrets.totp, -1) } })).body.backup_codes;
      secrets.backupCode = codes[0];

      // Google's code and ours, both used twice.
      const browser = new Browser();
      const page = await browser.follow(`${server.httpUrl}/api/v1/auth/google/login?invite=${secrets.invitation}`, (url) => !url.includes('/callback?'));
      secrets.providerCode = new URL(page.location).searchParams.get('code');
      const back = await browser.open(page.location);
      secrets.ourCode = new URL(back.location).searchParams.get('code');
      assert.ok(secrets.ourCode, back.location);
      for (let i = 0; i < 2; ++i) {
        seen.push(JSON.stringify((await browser.open(page.location)).body));
        await say('POST', '/auth/token', { body: { code: secrets.ourCode } });
      }
      await say('POST', '/auth/password/forgot', { body: { login: 'keeper@example.org' } });
      secrets.reset = await mailed(2);
      assert.equal((await say('POST', '/auth/password/reset', { body: { token: secrets.reset, password: secrets.newPassword } })).status, 200);

      // Each at every place that takes a text, where it is wrong.
      for (const secret of Object.values(secrets)) {
        await say('POST', '/auth/login', { body: { login: secret, password: secret, totp_code: secret.slice(0, 64), device_name: secret } });
        await say('POST', '/auth/login', { body: { login: 'keeper', password: secret } });
        await say('POST', '/auth/login', { raw: `{"password":"${secret}"`, headers: { 'Content-Type': 'application/json' } });
        await say('POST', '/auth/refresh', { body: { refresh_token: secret } });
        await say('POST', '/auth/register', { body: { username: 'x', password: secret, invite_code: secret } });
        await say('POST', '/auth/register', { body: { username: 'somebody', password: 'long enough', invite_code: secret } });
        await say('POST', '/auth/password/reset', { body: { token: secret, password: secret } });
        await say('POST', '/auth/token', { body: { code: secret } });
        await say('POST', '/room-tokens/verify', { body: { token: secret } });
        await say('GET', '/users/me', { token: secret });
        await say('GET', `/users/me?token=${encodeURIComponent(secret)}`);
        await say('GET', `/auth/google/callback?code=${encodeURIComponent(secret)}&state=${encodeURIComponent(secret)}`);
      }
      await login(server, 'keeper', secrets.newPassword);
      await say('POST', '/room-tokens/verify', { body: { token: jwt({ iss: 'API', sub: 'x' }, { secret: secrets.apiSecret }) } });
      await redis.stop('SIGKILL');
      await until('the bus is down', async () => (await ask(server, 'GET', '/health')).body.bus === 'down');
      seen.push((await ask(server, 'GET', '/health')).text, await (await fetch(`${server.adminUrl}/metrics`)).text());
      seen.push(readFileSync(`/proc/${server.pid}/cmdline`, 'latin1'));
    } finally {
      await server?.stop();
      await Promise.all([provider.end(), smtp.end(), redis.end()]);
    }
    assert.ok(Object.keys(secrets).length >= 12 && Object.values(secrets).every((each) => each?.length >= 8), JSON.stringify(secrets));
    assert.ok(seen.length > 150 && server.log().length > 1000);
    for (const [name, secret] of Object.entries(secrets)) {
      for (const text of [server.log(), ...seen]) {
        const at = Math.max(text.indexOf(secret), text.indexOf(encodeURIComponent(secret)));
        assert.ok(at < 0, `${name}: ...${text.slice(Math.max(0, at - 200), at + 80)}`);
      }
    }
  });
});
