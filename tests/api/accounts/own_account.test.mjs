// What people do with their own accounts: logins, password, second factor, the end; guests; forgotten passwords.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, forEachStore, freshName, isProblem, login, me, password, register, totp } from '../../support/accounts.mjs';
import { startSmtp } from '../../support/smtp_server.mjs';
import { until } from '../../support/stores.mjs';

forEachStore({}, (store) => {
  const request = (...all) => ask(store.server, ...all);

  test('ACC-09 logins are listed, and one of them ended', async () => {
    const first = await register(store.server, { device_name: 'Kitchen' });
    const second = (await login(store.server, first.user.username)).body;
    const list = (await request('GET', '/auth/sessions', { token: first.access_token })).body;
    assert.equal(list.length, 2);
    const own = list.find((each) => each.is_current);
    const other = list.find((each) => !each.is_current);
    assert.equal(own.device_name, 'Kitchen');
    assert.equal(own.ip_masked, '127.0.0.*');
    assert.ok(own.created_at > 1e9 && own.last_activity >= own.created_at);
    assert.equal((await request('DELETE', `/auth/sessions/${other.id}`, { token: first.access_token })).status, 204);
    isProblem(await me(store.server, second.access_token), 401, 'invalid_token');
    isProblem(await request('POST', '/auth/refresh', { body: { refresh_token: second.refresh_token } }), 401, 'invalid_refresh_token');
    assert.equal((await me(store.server, first.access_token)).status, 200);
    const stranger = await register(store.server);
    isProblem(await request('DELETE', `/auth/sessions/${own.id}`, { token: stranger.access_token }), 404, 'not_found');
  });

  test('ACC-09 A4 another password ends all logins but this one', async () => {
    const first = await register(store.server);
    const second = (await login(store.server, first.user.username)).body;
    const change = (body) => request('PUT', '/auth/password', { token: first.access_token, body });
    isProblem(await change({ current_password: 'wrong password', new_password: 'another password' }), 401, 'invalid_credentials');
    isProblem(await change({ current_password: password, new_password: 'short' }), 400, 'invalid_password');
    assert.equal((await change({ current_password: password, new_password: 'another password' })).status, 204);
    isProblem(await me(store.server, second.access_token), 401, 'invalid_token');
    assert.equal((await me(store.server, first.access_token)).status, 200);
    isProblem(await login(store.server, first.user.username), 401, 'invalid_credentials');
    assert.equal((await login(store.server, first.user.username, 'another password')).status, 200);
  });

  test('ACC-12 with a second factor a login needs its code, which counts once', async () => {
    const { user, access_token: token } = await register(store.server);
    const setup = await request('POST', '/auth/totp/setup', { token });
    assert.equal(setup.status, 200, setup.text);
    assert.match(setup.body.secret, /^[A-Z2-7]{32}$/);
    assert.ok(setup.body.otpauth_uri.startsWith('otpauth://totp/') && setup.body.otpauth_uri.includes(setup.body.secret));
    assert.equal((await login(store.server, user.username)).body.totp_required, undefined);
    isProblem(await request('POST', '/auth/totp/verify', { token, body: { code: '000000x' } }), 400, 'invalid_code');
    const confirmed = await request('POST', '/auth/totp/verify', { token, body: { code: totp(setup.body.secret, -1) } });
    assert.equal(confirmed.status, 200, confirmed.text);
    const codes = confirmed.body.backup_codes;
    assert.equal(new Set(codes).size, 12);

    const without = await login(store.server, user.username);
    assert.equal(without.status, 200);
    assert.deepEqual(without.body, { totp_required: true });
    isProblem(await login(store.server, user.username, password, { totp_code: 'abcdef' }), 401, 'invalid_totp_code');
    const code = totp(setup.body.secret, 1);
    assert.equal((await login(store.server, user.username, password, { totp_code: code })).status, 200);
    isProblem(await login(store.server, user.username, password, { totp_code: code }), 401, 'invalid_totp_code');
    assert.equal((await login(store.server, user.username, password, { totp_code: codes[0].toUpperCase() })).status, 200);
    isProblem(await login(store.server, user.username, password, { totp_code: codes[0] }), 401, 'invalid_totp_code');
    assert.deepEqual((await request('GET', '/auth/totp', { token })).body, { enabled: true, backup_codes_left: 11 });

    isProblem(await request('DELETE', '/auth/totp', { token }), 400, 'missing_parameter');
    isProblem(await request('DELETE', '/auth/totp', { token, body: { password: 'wrong password' } }), 401, 'invalid_credentials');
    assert.equal((await request('DELETE', '/auth/totp', { token, body: { code: codes[1] } })).status, 204);
    assert.ok((await login(store.server, user.username)).body.access_token);
  });

  test('ACC-13 an account ends with its logins, and its name is free', async () => {
    const { user, access_token, refresh_token } = await register(store.server);
    const end = (secret) => request('POST', '/auth/delete-account', { token: access_token, body: { password: secret } });
    isProblem(await end('wrong password'), 401, 'invalid_credentials');
    assert.equal((await end(password)).status, 204);
    isProblem(await me(store.server, access_token), 401, 'invalid_token');
    isProblem(await request('POST', '/auth/refresh', { body: { refresh_token } }), 401, 'invalid_refresh_token');
    isProblem(await login(store.server, user.username), 401, 'invalid_credentials');
    const again = await register(store.server, { username: user.username });
    assert.equal((await request('DELETE', '/profile', { token: again.access_token })).status, 204);
    isProblem(await me(store.server, again.access_token), 401, 'invalid_token');
  });

  test('ACC-14 guests get a name and a token, own nothing, and keep the name when they register', async () => {
    const guest = await request('POST', '/auth/guest', { body: {} });
    assert.equal(guest.status, 200, guest.text);
    assert.match(guest.body.user.username, /^[a-z]+_[a-z]+$/);
    assert.equal(guest.body.expires_in, 86_400);
    isProblem(await me(store.server, guest.body.access_token), 403, 'account_required');
    const named = (await request('POST', '/auth/guest', { body: { handle: 'Zaphod' } })).body;
    assert.equal(named.user.username, 'Zaphod');
    isProblem(await request('POST', '/auth/guest', { body: { handle: 'a b' } }), 400, 'invalid_username');
    const member = await register(store.server);
    isProblem(await request('POST', '/auth/guest', { body: { handle: member.user.username } }), 409, 'username_taken');
    const registered = await request('POST', '/auth/register', {
      token: named.access_token,
      body: { username: freshName(), password },
    });
    assert.equal(registered.body.user.display_name, 'Zaphod');
    assert.equal((await request('POST', '/auth/logout', { token: named.access_token })).status, 204);
    isProblem(await request('POST', '/auth/logout', { token: named.access_token }), 401, 'invalid_token');
  });

  test('ACC-14 guests can be turned off', async () => {
    const closed = await store.start({ CARDEA_AUTH_GUESTS: 'no' });
    try {
      isProblem(await ask(closed, 'POST', '/auth/guest', { body: {} }), 403, 'guests_off');
    } finally {
      await closed.stop();
    }
  });

  test('ACC-11 a proved address gets one link for a new password, which counts once', async () => {
    const smtp = await startSmtp();
    const server = await store.start({
      CARDEA_MAIL_URL: smtp.url,
      CARDEA_MAIL_FROM: 'Cardea <cardea@example.org>',
      CARDEA_MAIL_ALLOW_PLAIN: 'yes',
      CARDEA_AUTH_LINK_URL: 'https://example.org',
    });
    try {
      const name = freshName();
      const email = `${name}@example.org`;
      const { access_token } = await register(server, { username: name, email });
      const mailed = async (count) => {
        await until('a mail', () => smtp.mails.length >= count);
        return /token=([\w-]{43})/.exec(smtp.mails[count - 1].text)[1];
      };
      const forgot = (who) => ask(server, 'POST', '/auth/password/forgot', { body: { login: who } });
      // Asked for again: the newest link is as good.
      await mailed(1);
      const sent = await ask(server, 'POST', '/auth/email/send', { token: access_token });
      assert.equal(sent.status, 200, sent.text);
      const verification = await mailed(2);
      // Not proved yet: the same answer, and no mail; the next mail will be the one after the proof.
      const before = await forgot(email);
      const verify = () => ask(server, 'POST', '/auth/email/verify', { body: { token: verification } });
      assert.equal((await verify()).status, 200);
      isProblem(await verify(), 400, 'invalid_token');
      assert.equal((await me(server, access_token)).body.email_verified, true);
      isProblem(await ask(server, 'POST', '/auth/email/send', { token: access_token }), 409, 'nothing_to_verify');
      const after = await forgot(email);
      const unknown = await forgot('nobody@example.org');
      assert.deepEqual([before.status, before.text], [after.status, after.text]);
      assert.deepEqual([unknown.status, unknown.text], [after.status, after.text]);
      const token = await mailed(3);
      assert.match(smtp.mails[2].text, /https:\/\/example\.org\/reset-password\?token=/);
      assert.deepEqual(smtp.mails[2].to, [email]);
      const reset = (secret, code = token) =>
        ask(server, 'POST', '/auth/password/reset', { body: { token: code, password: secret } });
      isProblem(await reset('short'), 400, 'invalid_password');
      isProblem(await reset('another password', 'x'.repeat(43)), 400, 'invalid_token');
      assert.equal((await reset('another password')).status, 200);
      isProblem(await reset('third password'), 400, 'invalid_token');
      isProblem(await me(server, access_token), 401, 'invalid_token');
      isProblem(await login(server, name), 401, 'invalid_credentials');
      assert.equal((await login(server, name, 'another password')).status, 200);
      assert.equal(smtp.mails.length, 3);
      assert.ok(!server.log().includes(token) && !server.log().includes(verification));
    } finally {
      await server.stop();
      await smtp.end();
    }
  });
});
