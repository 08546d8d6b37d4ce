// Access tokens: what they say, and which ones are refused.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ask, isProblem, jwt, jwtSecret, me, parts, quick, register } from '../../support/accounts.mjs';
import { temporaryFolder } from '../../support/process.mjs';
import { buildFolder, startServer } from '../../support/server.mjs';

let server, made, header, claims;
before(async () => {
  server = await startServer({ env: { ...quick, CARDEA_AUTH_ACCESS_TTL_MINUTES: '5' } });
  made = await register(server);
  [header, claims] = parts(made.access_token);
});
after(() => server.stop());

test('ACC-06 an access token holds what it should', () => {
  assert.equal(header.alg, 'HS256');
  assert.equal(header.typ, 'JWT');
  assert.equal(claims.sub, made.user.id);
  assert.equal(claims.type, 'access');
  assert.equal(claims.exp - claims.iat, 300);
  assert.equal(claims.nbf, claims.iat);
  assert.ok(claims.jti && claims.iss && claims.aud);
});

test('A5 ACC-06 25 forged tokens are refused, and one that is made in the same way is not', async () => {
  const kid = header.kid;
  const now = Math.floor(Date.now() / 1000);
  const good = (more = {}, options = {}) => jwt({ ...claims, ...more }, { kid, ...options });
  const without = (name) => jwt(Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name)), { kid });
  assert.equal((await me(server, good())).status, 200);
  const [head, body, signature] = good().split('.');
  const b64 = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const sha512 = (text) => createHmac('sha512', jwtSecret).update(text).digest('base64url');
  const h512 = `${b64({ alg: 'HS512', typ: 'JWT', kid })}.${body}`;
  const forged = {
    'alg none, no signature': `${b64({ alg: 'none', typ: 'JWT', kid })}.${body}.`,
    'alg None in other letters': `${b64({ alg: 'nOnE', typ: 'JWT', kid })}.${body}.${signature}`,
    'alg none with the old signature': `${b64({ alg: 'none', typ: 'JWT', kid })}.${body}.${signature}`,
    'no signature': `${head}.${body}.`,
    'HS512': `${h512}.${sha512(h512)}`,
    'RS256 in the header': good({}, { header: { alg: 'RS256' } }),
    'another secret': good({}, { secret: 'another-secret-that-is-long-enough-0123' }),
    'an empty secret': good({}, { secret: '' }),
    'an unknown kid': jwt(claims, { kid: 'unknown' }),
    'a kid that is a path': jwt(claims, { kid: '../../../dev/null', secret: '' }),
    'no kid': jwt(claims),
    'a key of its own': good({}, { header: { jwk: { kty: 'oct', k: 'AAAA' } } }),
    'a key by URL': good({}, { header: { jku: 'https://example.org/keys' } }),
    'critical members': good({}, { header: { crit: ['exp'] } }),
    'another type in the header': good({}, { header: { typ: 'at+jwt' } }),
    'another audience': good({ aud: 'others' }),
    'another issuer': good({ iss: 'others' }),
    'expired': good({ exp: now - 120 }),
    'no exp': without('exp'),
    'from the future': good({ nbf: now + 3600 }),
    'issued in the future': good({ iat: now + 3600 }),
    'exp that is a text': good({ exp: String(now + 3600) }),
    'of another type': good({ type: 'refresh' }),
    'no subject': without('sub'),
    'no jti': without('jti'),
    'an unknown role': good({ role: 'root' }),
    'a changed body': `${head}.${b64({ ...claims, role: 'moderator' })}.${signature}`,
    'another spelling of the signature': `${head}.${body}.${signature}=`,
    'a fourth part': `${good()}.x`,
    'two parts': `${head}.${body}`,
    'no JSON': `${head}.${Buffer.from('hello').toString('base64url')}.${signature}`,
    'longer than 8 KiB': good({ pad: 'x'.repeat(8000) }),
  };
  assert.ok(Object.keys(forged).length >= 25);
  for (const [what, token] of Object.entries(forged)) {
    const answer = await me(server, token);
    assert.equal(answer.status, 401, what);
    assert.equal(answer.headers.get('www-authenticate'), 'Bearer');
  }
});

test('SEC-09 a short or sample secret stops the start', async () => {
  const folder = await temporaryFolder('secret');
  try {
    for (const secret of ['short', 'x'.repeat(40), 'please-changeme-please-changeme-please']) {
      const run = spawnSync(join(buildFolder(), 'bin', 'cardea'), ['--data', folder.path], {
        encoding: 'utf8',
        timeout: 30_000,
        env: { ...process.env, CARDEA_AUTH_JWT_SECRET: secret, CARDEA_HTTP_PORT: '0' },
      });
      assert.equal(run.status, 2, run.stderr);
      assert.match(run.stderr, /jwt_secret/);
      assert.ok(!run.stderr.includes(secret));
    }
  } finally {
    await folder.remove();
  }
});

test('CFG-03 without a secret one is made, for its owner only, and tokens outlive a restart', async () => {
  const folder = await temporaryFolder('secret');
  const env = { ...quick, CARDEA_DATABASE_URL: 'sqlite:kept.db' };
  delete env.CARDEA_AUTH_JWT_SECRET;
  try {
    let kept = await startServer({ env, folder: folder.path });
    const alice = await register(kept);
    const file = join(folder.path, 'auth', 'jwt_secret');
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.ok(readFileSync(file, 'utf8').length >= 32);
    const gone = await register(kept);
    await ask(kept, 'POST', '/auth/logout', { token: gone.access_token });
    await kept.stop();
    kept = await startServer({ env, folder: folder.path });
    try {
      assert.equal((await me(kept, alice.access_token)).status, 200);
      isProblem(await me(kept, gone.access_token), 401, 'invalid_token');
    } finally {
      await kept.stop();
    }
  } finally {
    await folder.remove();
  }
});

test('A5 tokens of the secret before are good until they expire', async () => {
  const old = { ...quick, CARDEA_AUTH_JWT_SECRET: 'the-new-secret-0123456789-abcdefghij', CARDEA_AUTH_JWT_PREVIOUS_SECRET: jwtSecret };
  const next = await startServer({ env: { ...old } });
  try {
    const fresh = await register(next);
    const [freshHeader, freshClaims] = parts(fresh.access_token);
    assert.notEqual(freshHeader.kid, header.kid);
    assert.equal((await me(next, jwt(freshClaims, { kid: header.kid }))).status, 200);
    isProblem(await me(next, jwt(freshClaims, { kid: freshHeader.kid })), 401, 'invalid_token');
  } finally {
    await next.stop();
  }
});

test('on a server that is closed to strangers an account opens the Janus API; guests and room tokens do not', async () => {
  const closed = await startServer({ env: { ...quick, CARDEA_JANUS_OPEN: 'no' } });
  const say = async (path, message) => {
    const answer = await fetch(`${closed.httpUrl}/janus${path}`, { method: 'POST', body: JSON.stringify({ transaction: 't', ...message }) });
    return answer.json();
  };
  const makesRoom = async (token) => {
    const shown = token ? { token } : {};
    const session = (await say('', { janus: 'create', ...shown })).data.id;
    const handle = (await say(`/${session}`, { janus: 'attach', plugin: 'janus.plugin.videoroom', ...shown })).data.id;
    return say(`/${session}/${handle}`, { janus: 'message', body: { request: 'create' }, ...shown });
  };
  try {
    const keeper = await register(closed);
    const member = await register(closed);
    const guest = (await ask(closed, 'POST', '/auth/guest', { body: {} })).body;
    const key = (await ask(closed, 'POST', '/admin/api-keys', { token: keeper.access_token, body: {} })).body;
    const now = Math.floor(Date.now() / 1000);
    const ofRoom = jwt({ iss: key.key, sub: 'x', exp: now + 60, video: { room: 'a', roomJoin: true } }, { secret: key.secret });
    assert.equal((await makesRoom(member.access_token)).plugindata?.data.videoroom, 'created');
    for (const token of [undefined, guest.access_token, ofRoom, 'nonsense', `${member.access_token}x`]) {
      const refused = await makesRoom(token);
      assert.notEqual(refused.plugindata?.data.videoroom, 'created', token);
      assert.match(JSON.stringify(refused), /Unauthorized/);
    }
    assert.equal((await ask(closed, 'POST', '/auth/logout', { token: member.access_token })).status, 204);
    assert.match(JSON.stringify(await makesRoom(member.access_token)), /Unauthorized/);
  } finally {
    await closed.stop();
  }
});
