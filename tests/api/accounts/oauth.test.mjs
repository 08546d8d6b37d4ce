// Logins with other providers: a real OpenID provider, and stand-ins for Google, Slack and GitHub that misbehave.
import assert from 'node:assert/strict';
import { createHash, createHmac, generateKeyPairSync, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ask, forEachStore, isProblem, quick, register, totp } from '../../support/accounts.mjs';
import { Browser } from '../../support/browser.mjs';
import { startFakeProvider } from '../../support/fake_provider.mjs';
import { freePorts, startProcess, temporaryFolder } from '../../support/process.mjs';
import { repository, startServer } from '../../support/server.mjs';
import { startSmtp } from '../../support/smtp_server.mjs';
import { until } from '../../support/stores.mjs';

const credentials = (name) => ({
  [`CARDEA_OAUTH_${name}_CLIENT_ID`]: 'cardea',
  [`CARDEA_OAUTH_${name}_CLIENT_SECRET`]: 'planted-client-secret',
});
const natives = ['http://127.0.0.1/callback', 'http://127.0.0.1:8080/exact', 'cardea://login'];

let google;
let slack;
let github;
before(async () => {
  [google, slack, github] = await Promise.all([startFakeProvider('RS256'), startFakeProvider('ES256'), startFakeProvider()]);
});
after(() => Promise.all([google, slack, github].map((each) => each?.end())));

const providers = () => ({
  ...credentials('GOOGLE'),
  ...credentials('SLACK'),
  ...credentials('GITHUB'),
  CARDEA_OAUTH_GOOGLE_ISSUER: google.url,
  CARDEA_OAUTH_SLACK_ISSUER: slack.url,
  CARDEA_OAUTH_GITHUB_ISSUER: github.url,
  CARDEA_OAUTH_GITHUB_AUTHORIZE_URL: `${github.url}/authorize`,
  CARDEA_OAUTH_GITHUB_TOKEN_URL: `${github.url}/token`,
  CARDEA_OAUTH_GITHUB_API_URL: github.url,
  CARDEA_OAUTH_NATIVE_REDIRECTS: natives.join(','),
});

let people = 0;
/** Claims of somebody who was never here. */
const somebody = () => ({ sub: `S${++people}`, email: `person${people}@example.org` });
const challengeOf = (verifier) => createHash('sha256').update(verifier).digest('base64url');

forEachStore({}, (store) => {
  let server;
  const start = (name, query = '') => `${server.httpUrl}/api/v1/auth/${name}/login${query}`;
  const callback = (url) => url.includes('/callback?');
  /** Up to where the provider sends the browser back to; `change` may alter that address. */
  const arrive = async (browser, name, query, change) => {
    const page = await browser.follow(start(name, query), (url) => !callback(url));
    assert.ok(page.location, JSON.stringify(page.body));
    return browser.open(change ? change(page.location) : page.location);
  };
  const signIn = async (browser, name, query) => {
    const page = await arrive(browser, name, query);
    assert.equal(page.status, 302, JSON.stringify(page.body));
    const code = new URL(page.location).searchParams.get('code');
    const answer = await browser.open(`${server.httpUrl}/api/v1/auth/token`, { method: 'POST', body: { code } });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return answer.body;
  };
  const count = async () => (await ask(server, 'GET', '/users', { token: await admin() })).body.total;
  let adminToken;
  const admin = async () => (adminToken ??= (await register(server)).access_token);

  before(async () => {
    server = await store.start(providers());
    await admin();
  });
  after(() => server?.stop());

  test('OAU-01 OAU-04 the browser goes out with state, nonce, PKCE and a cookie, and comes back with a code for tokens', async () => {
    google.mood = { person: somebody() };
    const browser = new Browser();
    const page = await browser.open(start('google'));
    assert.equal(page.status, 302);
    const query = new URL(page.location).searchParams;
    assert.ok(page.location.startsWith(`${google.url}/authorize?`));
    assert.equal(query.get('redirect_uri'), `${server.httpUrl}/api/v1/auth/google/callback`);
    assert.equal(query.get('code_challenge_method'), 'S256');
    assert.equal(query.get('scope'), 'openid email profile');
    assert.ok(['state', 'nonce', 'code_challenge'].every((name) => query.get(name).length >= 43));
    assert.match(page.headers.get('set-cookie'), /^cardea_oauth=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600$/);
    const tokens = await signIn(browser, 'google');
    assert.equal(tokens.token_type, 'bearer');
    assert.equal(tokens.user.provider, 'google');
    assert.equal(tokens.user.email_verified, true);
    assert.equal((await ask(server, 'GET', '/users/me', { token: tokens.access_token })).status, 200);
  });

  test('OAU-03 only providers with id and secret are listed; others are 503, unknown ones 400', async () => {
    const bare = await store.start(credentials('GITHUB'));
    try {
      const { body } = await ask(bare, 'GET', '/auth/providers');
      assert.deepEqual(body, [{ name: 'github', title: 'GitHub', login_path: '/api/v1/auth/github/login' }]);
      isProblem(await ask(bare, 'GET', '/auth/google/login'), 503, 'provider_off');
      isProblem(await ask(bare, 'GET', '/auth/myspace/login'), 400, 'unknown_provider');
      isProblem(await ask(bare, 'GET', '/auth/myspace/callback'), 400, 'unknown_provider');
    } finally {
      await bare.stop();
    }
  });

  test('OAU-05 GitHub: by id, with the primary verified address, else the first verified, else 400', async () => {
    const { email, sub } = somebody();
    const addresses = (...list) => list.map(([address, primary, verified]) => ({ email: address, primary, verified, visibility: null }));
    const user = { id: 1000 + Number(sub.slice(1)), login: 'octo-cat' };
    github.mood = { user, emails: addresses(['a@example.org', false, true], [email, true, true]) };
    const first = await signIn(new Browser(), 'github');
    assert.deepEqual([first.user.email, first.user.username.replace(/\d*$/, '')], [email, 'octo_cat']);
    const scopes = github.asked.find((each) => each.path === '/authorize').query.get('scope');
    assert.equal(scopes, 'user:email read:user');
    github.mood = { user: { ...user, login: 'renamed' }, emails: [] };
    assert.equal((await signIn(new Browser(), 'github')).user.id, first.user.id);
    const other = somebody();
    github.mood = { user: { id: user.id + 5000 }, emails: addresses(['x@example.org', true, false], [other.email, false, true]) };
    assert.equal((await signIn(new Browser(), 'github')).user.email, other.email);
    github.mood = { user: { id: user.id + 9000 }, emails: addresses(['y@example.org', true, false]) };
    const refused = await arrive(new Browser(), 'github');
    assert.deepEqual([refused.status, refused.body.code], [400, 'no_verified_email']);
  });

  test('OAU-05 Slack: OpenID Connect with keys on a curve', async () => {
    slack.mood = { person: { ...somebody(), 'https://slack.com/user_id': 'U0JM', 'https://slack.com/team_id': 'T0RR' } };
    const { user } = await signIn(new Browser(), 'slack');
    assert.equal(user.provider, 'slack');
  });

  test('OAU-06 the second login finds the account by provider and subject, whatever the address is now', async () => {
    const person = somebody();
    google.mood = { person };
    const first = await signIn(new Browser(), 'google');
    google.mood = { person: { ...person, email: 'moved@example.org' } };
    const second = await signIn(new Browser(), 'google');
    assert.equal(second.user.id, first.user.id);
    assert.equal(second.user.email, person.email);
  });

  test('A7 OAU-06 an account with the same address is not taken, neither verified nor not', async () => {
    const victim = somebody();
    await register(server, { email: victim.email });
    google.mood = { person: victim };
    const page = await arrive(new Browser(), 'google');
    assert.equal(new URL(page.location).searchParams.get('error'), 'account_exists');
    const owner = somebody();
    google.mood = { person: owner };
    await signIn(new Browser(), 'google');
    slack.mood = { person: { ...somebody(), email: owner.email } };
    const again = await arrive(new Browser(), 'slack');
    assert.equal(new URL(again.location).searchParams.get('error'), 'account_exists');
  });

  test('A7 OAU-06 link_by_email=auto links verified addresses only', async () => {
    const own = await store.start({ ...providers(), CARDEA_OAUTH_LINK_BY_EMAIL: 'auto' });
    const before_ = server;
    server = own;
    try {
      const person = somebody();
      google.mood = { person };
      const first = await signIn(new Browser(), 'google');
      slack.mood = { person: { ...somebody(), email: person.email } };
      assert.equal((await signIn(new Browser(), 'slack')).user.id, first.user.id);
      const unverified = somebody();
      await register(own, { email: unverified.email });
      google.mood = { person: unverified };
      const page = await arrive(new Browser(), 'google');
      assert.equal(new URL(page.location).searchParams.get('error'), 'account_exists');
    } finally {
      server = before_;
      await own.stop();
    }
  });

  test('A7 OAU-06 who is signed in links another provider, once', async () => {
    const account = await register(server);
    const person = somebody();
    slack.mood = { person };
    const link = async (browser, token) => {
      const { body } = await browser.open(`${server.httpUrl}/api/v1/auth/slack/link`, { method: 'POST', token });
      const page = await browser.follow(body.url, (url) => !callback(url));
      return browser.open(page.location);
    };
    const linked = await link(new Browser(), account.access_token);
    assert.equal(new URL(linked.location).searchParams.get('linked'), 'slack');
    assert.equal((await signIn(new Browser(), 'slack')).user.id, account.user.id);
    const thief = await register(server);
    const refused = await link(new Browser(), thief.access_token);
    assert.equal(new URL(refused.location).searchParams.get('error'), 'already_linked');
    isProblem(await ask(server, 'POST', '/auth/slack/link'), 401, 'unauthorized');
  });

  test('ACC-12 OAU-07 a second factor is asked for after the provider, too', async () => {
    google.mood = { person: somebody() };
    const { access_token: token } = await signIn(new Browser(), 'google');
    const { body: setup } = await ask(server, 'POST', '/auth/totp/setup', { token });
    await ask(server, 'POST', '/auth/totp/verify', { token, body: { code: totp(setup.secret) } });
    const browser = new Browser();
    const exchange = (body) => browser.open(`${server.httpUrl}/api/v1/auth/token`, { method: 'POST', body });
    const begin = async () => {
      const page = await arrive(browser, 'google');
      return (await exchange({ code: new URL(page.location).searchParams.get('code') })).body;
    };
    const asked = await begin();
    assert.equal(asked.totp_required, true);
    assert.equal(asked.access_token, undefined);
    const wrong = await exchange({ code: asked.code, totp_code: '000000' });
    assert.deepEqual([wrong.status, wrong.body.code], [401, 'invalid_totp_code']);
    assert.equal((await exchange({ code: asked.code, totp_code: totp(setup.secret, 1) })).status, 400);
    const again = await begin();
    const right = await exchange({ code: again.code, totp_code: totp(setup.secret, 1) });
    assert.equal(right.status, 200, JSON.stringify(right.body));
    assert.ok(right.body.access_token);
  });

  test('A7 OAU-06 where there is mail, the owner of the address links with what the mail says', async () => {
    const smtp = await startSmtp();
    const own = await store.start({
      ...providers(),
      CARDEA_MAIL_URL: smtp.url,
      CARDEA_MAIL_FROM: 'cardea@example.org',
      CARDEA_MAIL_ALLOW_PLAIN: 'yes',
    });
    const before_ = server;
    server = own;
    try {
      const person = somebody();
      google.mood = { person };
      const first = await signIn(new Browser(), 'google');
      slack.mood = { person: { ...somebody(), email: person.email } };
      const page = await arrive(new Browser(), 'slack');
      assert.equal(new URL(page.location).searchParams.get('error'), 'confirm_by_mail');
      assert.equal(new URL(page.location).searchParams.get('code'), null);
      await until('the mail', () => smtp.mails.length > 0);
      const mail = smtp.mails.at(-1);
      assert.deepEqual([mail.to, /Slack/.test(mail.text)], [[person.email], true]);
      const token = mail.text.match(/[\w-]{30,}/)[0];
      const confirm = () => ask(own, 'POST', '/auth/link/confirm', { body: { token } });
      assert.equal((await ask(own, 'POST', '/auth/link/confirm', { body: { token: 'guess' } })).status, 400);
      assert.equal((await confirm()).status, 204);
      assert.equal((await confirm()).status, 400);
      assert.equal((await signIn(new Browser(), 'slack')).user.id, first.user.id);
      const unverified = somebody();
      await register(own, { email: unverified.email });
      google.mood = { person: unverified };
      const refused = await arrive(new Browser(), 'google');
      assert.equal(new URL(refused.location).searchParams.get('error'), 'account_exists');
    } finally {
      server = before_;
      await own.stop();
      await smtp.end();
    }
  });

  test('OAU-04 state counts once, in the browser that began, for that provider', async () => {
    google.mood = { person: somebody() };
    const began = async (browser) => (await browser.follow(start('google'), (url) => !callback(url))).location;
    const refused = (page) => assert.deepEqual([page.status, page.body.code], [400, 'invalid_state']);
    const browser = new Browser();
    const back = await began(browser);
    refused(await new Browser().open(back));
    refused(await browser.open(back));
    const twice = await began(browser);
    assert.equal((await browser.open(twice)).status, 302);
    refused(await browser.open(twice));
    refused(await browser.open((await began(browser)).replace('/google/', '/slack/')));
    refused(await browser.open((await began(browser)).replace(/state=[^&]*/, 'state=guess')));
    refused(await browser.open((await began(browser)).replace(/[?&]state=[^&]*/, '')));
  });

  test('OAU-07 the code at the end counts once, and only in that browser', async () => {
    google.mood = { person: somebody() };
    const browser = new Browser();
    const page = await arrive(browser, 'google');
    assert.equal(new URL(page.location).pathname, '/login');
    const code = new URL(page.location).searchParams.get('code');
    const redeem = (who) => who.open(`${server.httpUrl}/api/v1/auth/token`, { method: 'POST', body: { code } });
    assert.deepEqual([(await redeem(new Browser())).status, (await redeem(browser)).status], [400, 400]);
    google.mood = { person: somebody() };
    await signIn(browser, 'google');
  });

  test('OAU-07 programs: listed addresses exactly, loopback with any port, bound by their own PKCE', async () => {
    const refusedOnes = ['http://127.0.0.1:8080/other', 'http://evil.example/callback', 'http://127.0.0.1.evil.example/callback', 'http://127.0.0.1:80@evil.example/callback', 'http://localhost/callback', 'cardea://login/x', 'http://127.0.0.1:99/exact'];
    for (const target of refusedOnes) {
      isProblem(await ask(server, 'GET', `/auth/google/login?redirect_to=${encodeURIComponent(target)}`), 400, 'redirect_refused');
    }
    const verifier = randomBytes(32).toString('base64url');
    for (const target of ['http://127.0.0.1:49152/callback', 'http://127.0.0.1:8080/exact', 'cardea://login']) {
      google.mood = { person: somebody() };
      const query = new URLSearchParams({ redirect_to: target, code_challenge: challengeOf(verifier) });
      const page = await arrive(new Browser(), 'google', `?${query}`);
      assert.ok(page.location.startsWith(`${target}?code=`), page.location);
      const code = new URL(page.location).searchParams.get('code');
      const tokens = await ask(server, 'POST', '/auth/token', { body: { code, code_verifier: verifier } });
      assert.equal(tokens.status, 200, tokens.text);
    }
    google.mood = { person: somebody() };
    const page = await arrive(new Browser(), 'google', `?redirect_to=code&code_challenge=${challengeOf(verifier)}`);
    assert.deepEqual([page.status, page.body.expires_in], [200, 60]);
    isProblem(await ask(server, 'POST', '/auth/token', { body: { code: page.body.code, code_verifier: `${verifier}x` } }), 400, 'invalid_code');
    isProblem(await ask(server, 'GET', '/auth/google/login?redirect_to=code'), 400, 'invalid_parameter');
  });

  test('OAU-02 OAU-07 paths of replaced systems, and tokens in the redirect where they had them', async () => {
    const own = await store.start({
      ...providers(),
      CARDEA_COMPAT_ALIASES: 'dpc,hopp',
      CARDEA_OAUTH_GOOGLE_CALLBACK_PATH: '/auth/google/callback',
      CARDEA_OAUTH_SLACK_CALLBACK_PATH: '/api/auth/social/slack/callback',
      CARDEA_OAUTH_TOKEN_IN_REDIRECT: 'yes',
    });
    try {
      const enter = async (path, fake) => {
        fake.mood = { person: somebody() };
        const browser = new Browser();
        const page = await browser.follow(`${own.httpUrl}${path}`, (url) => !callback(url));
        assert.equal(new URL(page.location).origin, new URL(own.httpUrl).origin);
        return [new URL(page.location).pathname, await browser.open(page.location)];
      };
      for (const path of ['/login/google', '/auth/login/google']) {
        const [back, page] = await enter(path, google);
        assert.equal(back, '/auth/google/callback');
        const token = new URL(page.location).searchParams.get('token');
        assert.equal((await ask(own, 'GET', '/users/me', { token })).status, 200);
      }
      const [back] = await enter('/api/auth/social/slack', slack);
      assert.equal(back, '/api/auth/social/slack/callback');
      const [, page] = await enter(`/login/google?redirect_to=${encodeURIComponent(natives[1])}`, google);
      const query = new URL(page.location).searchParams;
      assert.ok(page.location.startsWith(natives[1]));
      assert.equal((await ask(own, 'POST', '/auth/refresh', { body: { refresh_token: query.get('refresh_token') } })).status, 200);
    } finally {
      await own.stop();
    }
  });

  test('OAU-08 INV-01 an invitation survives the round trip, and without one there is no account', async () => {
    const own = await store.start({ ...providers(), CARDEA_INVITES_REQUIRED: 'yes' });
    const before_ = server;
    server = own;
    try {
      const first = await register(own);
      const codes = (await ask(own, 'GET', '/registration-invites', { token: first.access_token })).body;
      google.mood = { person: somebody() };
      const page = await arrive(new Browser(), 'google');
      assert.equal(new URL(page.location).searchParams.get('error'), 'invite_required');
      const used = await signIn(new Browser(), 'google', `?invite=${codes[0].code}`);
      assert.ok(used.user.id);
      google.mood = { person: somebody() };
      const again = await arrive(new Browser(), 'google', `?invite=${codes[0].code}`);
      assert.equal(new URL(again.location).searchParams.get('error'), 'invite_used');
      assert.ok((await signIn(new Browser(), 'google', `?invite_uuid=${codes[1].code}`)).user.id);
    } finally {
      server = before_;
      await own.stop();
    }
  });

  test('OAU-06 two first logins at once make one account', async () => {
    google.mood = { person: somebody() };
    const both = await Promise.all([new Browser(), new Browser()].map((browser) => arrive(browser, 'google')));
    const codes = both.filter((page) => page.status === 302).length;
    assert.ok(codes >= 1);
    assert.equal((await signIn(new Browser(), 'google')).user.provider, 'google');
  });

  test('A6 a provider that does wrong makes no account', { timeout: 60_000 }, async (t) => {
    const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const unsigned = (claims) => `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.`;
    const byHmac = (claims) => {
      const text = [{ alg: 'HS256', kid: 'one' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
      return `${text}.${createHmac('sha256', 'planted-client-secret').update(text).digest('base64url')}`;
    };
    let followed = 0;
    const elsewhere = createServer((_, response) => response.end(`{"n":${++followed}}`));
    await new Promise((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    const raw = (path, act) => ({ answer: (asked, response) => asked === path && (act(response), true) });
    const wrong = {
      'another state': [{ callback: (back) => ({ ...back, state: 'other' }) }, 400],
      'another issuer in the answer': [{ callback: (back) => ({ ...back, iss: 'https://evil.example' }) }, 400],
      'another issuer in the token': [{ claims: (claims) => ({ ...claims, iss: 'https://evil.example' }) }, 400],
      'another nonce': [{ claims: (claims) => ({ ...claims, nonce: 'other' }) }, 400],
      'another audience': [{ claims: (claims) => ({ ...claims, aud: 'other' }) }, 400],
      'two audiences and another party': [{ claims: (claims) => ({ ...claims, aud: ['cardea', 'other'], azp: 'other' }) }, 400],
      'an expired token': [{ claims: (claims) => ({ ...claims, exp: claims.iat - 3600 }) }, 400],
      'a token from the future': [{ claims: (claims) => ({ ...claims, iat: claims.iat + 3600 }) }, 400],
      'a signature of somebody else': [{ idToken: (claims) => google.signed(claims, {}, stranger) }, 400],
      'no signature': [{ idToken: unsigned }, 400],
      'a signature with the shared secret': [{ idToken: byHmac }, 400],
      'an unknown key': [{ idToken: (claims) => google.signed(claims, { kid: 'two' }) }, 400],
      'no subject': [{ claims: ({ sub, ...claims }) => claims }, 400],
      'no token at all': [{ token: ({ id_token, ...answer }) => answer }, 400],
      'a refused code': [{ token: () => ({ ok: false, error: 'invalid_code' }) }, 400],
      'an address that is not verified': [{ claims: (claims) => ({ ...claims, email_verified: false }) }, 400],
      'a redirect': [raw('/token', (response) => response.writeHead(302, { Location: `http://127.0.0.1:${elsewhere.address().port}/token` }).end()), 502],
      'a body without end': [raw('/token', (response) => response.end(`{"a":"${'x'.repeat(2_000_000)}"}`)), 502],
      'no JSON': [raw('/token', (response) => response.end('<html>')), 502],
      'an error of its own': [raw('/token', (response) => response.writeHead(500).end()), 502],
      // Ten seconds, which are the same for both databases.
      ...(store.url().startsWith('sqlite') && { 'no answer in time': [raw('/token', () => {}), 502] }),
    };
    const total = await count();
    try {
      for (const [name, [mood, status]] of Object.entries(wrong)) {
        await t.test(name, async () => {
          google.mood = { person: somebody(), ...mood };
          const page = await arrive(new Browser(), 'google');
          assert.equal(page.status, status, JSON.stringify(page.body));
        });
      }
      assert.equal(followed, 0);
      assert.equal(await count(), total);
    } finally {
      google.calm();
      elsewhere.close();
    }
  });

  test('A6 somebody who says no at the provider comes back with a word for it', async () => {
    google.mood = { callback: ({ state }) => ({ state, error: 'access_denied' }) };
    const page = await arrive(new Browser(), 'google');
    assert.equal(new URL(page.location).searchParams.get('error'), 'access_denied');
  });

  test('A6 A15 endpoints of other hosts are not asked', async () => {
    const liar = await startFakeProvider();
    const own = await store.start({ ...credentials('GOOGLE'), CARDEA_OAUTH_GOOGLE_ISSUER: liar.url });
    try {
      liar.mood = {
        answer: (path, response) =>
          path.startsWith('/.well-known') &&
          response.end(JSON.stringify({ issuer: liar.url, authorization_endpoint: `${liar.url}/authorize`, token_endpoint: `${liar.url}/token`, jwks_uri: `${slack.url}/keys` })),
      };
      const asked = slack.asked.length;
      isProblem(await ask(own, 'GET', '/auth/google/login'), 502, 'provider_failed');
      assert.equal(slack.asked.length, asked);
    } finally {
      await own.stop();
      await liar.end();
    }
  });

  test('OAU-01 a real OpenID provider, by discovery', async () => {
    const [port] = await freePorts(1);
    const folder = await temporaryFolder('oidc');
    const config = join(folder.path, 'cardea.conf');
    await writeFile(config, `[oidc-keys]\nclient_id = cardea\nclient_secret = planted-client-secret\nissuer = http://127.0.0.1:${port}\n`, { mode: 0o600 });
    const own = await startServer({ env: { ...quick, CARDEA_DATABASE_URL: store.url() }, args: ['--config', config] });
    const provider = startProcess('node', [join(repository, 'tests/support/oidc_provider.mjs'), String(port), `${own.httpUrl}/api/v1/auth/keys/callback`]);
    try {
      await provider.waitFor(/^ready/m, 30_000);
      const browser = new Browser();
      const enter = async (account) => {
        const page = await browser.follow(
          `${own.httpUrl}/api/v1/auth/keys/login`,
          (url) => !callback(url),
          (url) => (url.includes('/interaction/') ? `${url}?account=${account}` : url),
        );
        assert.ok(page.location, `${page.url} ${JSON.stringify(page.body)} ${own.log()}`);
        const back = await browser.open(page.location);
        const code = new URL(back.location).searchParams.get('code');
        return (await browser.open(`${own.httpUrl}/api/v1/auth/token`, { method: 'POST', body: { code } })).body.user;
      };
      const ann = await enter('ann');
      assert.deepEqual([ann.username, ann.display_name, ann.email, ann.email_verified, ann.provider], ['ann', 'The ann', 'ann@example.org', true, 'keys']);
      assert.equal((await enter('ann')).id, ann.id);
    } finally {
      await provider.stop('SIGTERM');
      await own.stop();
      await folder.remove();
    }
  });

  test('SEC-06 a login with a provider can be begun five times in a minute', async () => {
    const own = await store.start({ ...providers(), CARDEA_LIMITS_ENABLED: 'yes' });
    try {
      const statuses = [];
      for (let i = 0; i < 6; ++i) {
        statuses.push((await new Browser().open(`${own.httpUrl}/api/v1/auth/google/login`)).status);
      }
      assert.deepEqual(statuses, [302, 302, 302, 302, 302, 429]);
    } finally {
      await own.stop();
    }
  });

  test('SEC-10 secrets and tokens of providers are in no log', () => {
    assert.doesNotMatch(server.log(), /planted|eyJ/);
  });
});
