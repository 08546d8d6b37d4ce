// The REST pipeline: routes, ranks, parameters, limits, origins, errors as RFC 9457 has them, and the document.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { metric } from '../support/metrics.mjs';
import { buildFolder, startServer } from '../support/server.mjs';

// Its identity service takes the place of the one of accounts.
const modules = {
  CARDEA_MODULES_PATHS: join(buildFolder(), 'lib', 'tests', 'rest'),
  CARDEA_MODULES_DISABLE: 'auth,rooms',
};
let server;

before(async () => {
  server = await startServer({
    env: {
      ...modules,
      CARDEA_COMPAT_ALIASES: 'jic',
      CARDEA_HTTP_CORS_ORIGINS: 'https://app.example.org',
    },
  });
});
after(() => server.stop());

async function ask(method, path, { body, token, headers = {}, raw } = {}, url = server.httpUrl) {
  const answer = await fetch(
    `${url}${path.startsWith('/api') || path.startsWith('/old') ? '' : '/api/v1'}${path}`,
    {
      method,
      body: raw ?? (body === undefined ? undefined : JSON.stringify(body)),
      headers: {
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
        ...headers,
      },
    },
  );
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text && JSON.parse(text), text };
}

function isProblem(answer, status, code) {
  assert.equal(answer.status, status, answer.text);
  assert.match(answer.headers.get('content-type'), /^application\/problem\+json/);
  assert.equal(answer.body.status, status);
  assert.equal(answer.body.code, code);
  for (const member of ['type', 'title', 'detail', 'error']) {
    assert.equal(typeof answer.body[member], 'string', member);
  }
}

test('an operation gets its declared parameters and answers with its declared status', async () => {
  const made = await ask('POST', '/things', {
    token: 'user:alice',
    body: { name: 'box', size: 3, tags: ['a'], is_admin: true },
  });
  assert.equal(made.status, 201);
  assert.deepEqual(made.body, { name: 'box', size: 3, tags: ['a'], owner: 'alice' });
  assert.equal(made.headers.get('location'), `${server.httpUrl}/api/v1/things/1`);
  const shown = await ask('GET', '/things/7?full=true&other=1');
  assert.deepEqual(shown.body, { id: 7, full: true });
  assert.deepEqual((await ask('GET', '/things/latest')).body, { id: 'latest' });
  const dropped = await ask('DELETE', '/things/7', { token: 'admin:root' });
  assert.equal(dropped.status, 204);
  assert.equal(dropped.text, '');
});

test('API-02 every error is a problem with a code, and X-Request-ID comes back', async () => {
  const missing = await ask('GET', '/things/404');
  isProblem(missing, 404, 'no_thing');
  assert.equal(missing.body.id, 404);
  const given = randomUUID();
  const kept = await ask('GET', '/things/404', { headers: { 'X-Request-ID': given } });
  assert.equal(kept.headers.get('x-request-id'), given);
  const odd = await ask('GET', '/things/1', { headers: { 'X-Request-ID': 'x\tlog me' } });
  assert.match(
    odd.headers.get('x-request-id'),
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
});

test('API-03 statuses: parameters, token, rank, path, method, size, type', async () => {
  const user = { token: 'user:alice' };
  isProblem(await ask('POST', '/things', { ...user, body: {} }), 400, 'missing_parameter');
  isProblem(await ask('POST', '/things', { ...user, body: { name: 1 } }), 400, 'invalid_parameter');
  isProblem(
    await ask('POST', '/things', { ...user, body: { name: 'x', size: 6 } }),
    400,
    'invalid_parameter',
  );
  isProblem(
    await ask('POST', '/things', { ...user, body: { name: 'x', tags: ['a', 2] } }),
    400,
    'invalid_parameter',
  );
  isProblem(
    await ask('POST', '/things', { ...user, body: { name: 'x', tags: ['a', 'longer than 8'] } }),
    400,
    'invalid_parameter',
  );
  isProblem(await ask('POST', '/things', { ...user, body: [] }), 400, 'invalid_json');
  const json = { 'Content-Type': 'application/json' };
  isProblem(
    await ask('POST', '/things', { ...user, raw: '{"name":', headers: json }),
    400,
    'invalid_json',
  );
  isProblem(
    await ask('POST', '/things', {
      ...user,
      raw: '{"name":"x"}',
      headers: { 'Content-Type': 'text/plain' },
    }),
    415,
    'unsupported_media_type',
  );
  isProblem(await ask('GET', '/things/seven'), 400, 'invalid_parameter');
  isProblem(await ask('GET', '/things/1?full=perhaps'), 400, 'invalid_parameter');
  isProblem(await ask('GET', '/things/1?full=%zz'), 400, 'invalid_parameter');
  const nobody = await ask('POST', '/things', { body: { name: 'x' } });
  isProblem(nobody, 401, 'unauthorized');
  assert.equal(nobody.headers.get('www-authenticate'), 'Bearer');
  isProblem(
    await ask('POST', '/things', { token: 'nonsense', body: { name: 'x' } }),
    401,
    'invalid_token',
  );
  isProblem(await ask('GET', '/things/1', { token: 'nonsense' }), 401, 'invalid_token');
  isProblem(
    await ask('POST', '/things', { token: 'guest:bob', body: { name: 'x' } }),
    403,
    'account_required',
  );
  isProblem(await ask('DELETE', '/things/1', { token: 'moderator:mo' }), 403, 'forbidden');
  isProblem(await ask('GET', '/nothing'), 404, 'not_found');
  isProblem(await ask('GET', '/api/other'), 404, 'not_found');
  const method = await ask('PATCH', '/things/1');
  isProblem(method, 405, 'method_not_allowed');
  assert.equal(method.headers.get('allow'), 'GET, DELETE, OPTIONS');
});

test('API-04 a token counts in the Authorization header only', async () => {
  isProblem(
    await ask('POST', '/things?token=user:alice', { body: { name: 'x', token: 'user:alice' } }),
    401,
    'unauthorized',
  );
});

test('SEC-05 a body over the bound gets 413, where an operation allows more it is taken', async () => {
  const large = 'x'.repeat(17_000);
  isProblem(
    await ask('POST', '/things', { token: 'user:alice', body: { name: large } }),
    413,
    'too_large',
  );
  const png = {
    raw: Buffer.alloc(17_000),
    headers: { 'Content-Type': 'image/png' },
    token: 'user:alice',
  };
  assert.deepEqual((await ask('PUT', '/things/1/picture', png)).body, {
    bytes: 17_000,
    type: 'image/png',
  });
  isProblem(
    await ask('PUT', '/things/1/picture', { ...png, raw: Buffer.alloc(33_000) }),
    413,
    'too_large',
  );
  isProblem(
    await ask('PUT', '/things/1/picture', { ...png, headers: { 'Content-Type': 'image/svg+xml' } }),
    415,
    'unsupported_media_type',
  );
});

test('API-01 paths of a replaced system are served when it is named, and forms where they were', async () => {
  const form = {
    raw: 'name=a+b%21&size=2',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    token: 'guest:bob',
  };
  assert.deepEqual((await ask('POST', '/api/things/form', form)).body, { name: 'a b!', size: 2 });
  assert.deepEqual((await ask('POST', '/things/form', form)).body, { name: 'a b!', size: 2 });
  isProblem(await ask('GET', '/old/7'), 401, 'unauthorized');
});

test('SEC-06 the request over a limit gets 429 with Retry-After; health does not count', async () => {
  const first = await ask('GET', '/limited');
  assert.equal(first.headers.get('ratelimit-limit'), '2');
  assert.equal(first.headers.get('ratelimit-remaining'), '1');
  assert.equal((await ask('GET', '/limited')).status, 200);
  const third = await ask('GET', '/limited');
  isProblem(third, 429, 'rate_limited');
  assert.ok(Number(third.headers.get('retry-after')) > 500);
  assert.equal(third.body.retry_after, Number(third.headers.get('retry-after')));
  assert.equal(third.headers.get('ratelimit-remaining'), '0');
  assert.equal(await metric(server, 'cardea_limit_hits_total{limit="rest_limited"}'), 1);
  assert.equal((await ask('GET', '/health')).headers.get('ratelimit-limit'), null);
});

test('SEC-06 all operations together have a limit for each address, which limits.enabled turns off', async () => {
  const few = await startServer({ env: { ...modules, CARDEA_LIMITS_GLOBAL_PER_MINUTE: '3' } });
  const off = await startServer({
    env: { ...modules, CARDEA_LIMITS_GLOBAL_PER_MINUTE: '3', CARDEA_LIMITS_ENABLED: 'no' },
  });
  try {
    const statuses = async (url) => {
      const all = [];
      for (let i = 0; i < 5; ++i) {
        all.push((await ask('GET', '/things/1', {}, url)).status);
      }
      return all;
    };
    assert.deepEqual(await statuses(few.httpUrl), [200, 200, 200, 429, 429]);
    assert.equal((await ask('GET', '/who', {}, few.httpUrl)).status, 200);
    assert.deepEqual(await statuses(off.httpUrl), [200, 200, 200, 200, 200]);
  } finally {
    await Promise.all([few.stop(), off.stop()]);
  }
});

test('S2 SEC-04 pages of other origins may call only when they are listed, and never with credentials', async () => {
  const body = { name: 'x' };
  const from = (origin) => ({ token: 'user:alice', body, headers: { Origin: origin } });
  const own = await ask('POST', '/things', from(server.httpUrl));
  assert.equal(own.status, 201);
  assert.equal(own.headers.get('access-control-allow-origin'), null);
  const listed = await ask('POST', '/things', from('https://app.example.org'));
  assert.equal(listed.status, 201);
  assert.equal(listed.headers.get('access-control-allow-origin'), 'https://app.example.org');
  assert.equal(listed.headers.get('access-control-allow-credentials'), null);
  assert.match(listed.headers.get('vary'), /Origin/);
  const look = [
    'https://evil.org',
    'null',
    'https://app.example.org.evil.org',
    'http://app.example.org',
    'https://app.example.or',
    `${server.httpUrl}.evil.org`,
  ];
  for (const origin of look) {
    isProblem(await ask('POST', '/things', from(origin)), 403, 'origin_refused');
    const read = await ask('GET', '/things/1', { headers: { Origin: origin } });
    assert.equal(read.headers.get('access-control-allow-origin'), null, origin);
  }
  const preflight = (origin) =>
    ask('OPTIONS', '/things', {
      headers: { Origin: origin, 'Access-Control-Request-Method': 'POST' },
    });
  const yes = await preflight('https://app.example.org');
  assert.equal(yes.status, 204);
  assert.equal(yes.headers.get('access-control-allow-headers'), 'Authorization, Content-Type');
  assert.equal(
    (await preflight('https://evil.org')).headers.get('access-control-allow-origin'),
    null,
  );
});

test('a handler that fails or forgets the request is a 500 without inside knowledge', async () => {
  for (const path of ['/forgotten', '/exploding']) {
    const answer = await ask('GET', path);
    isProblem(answer, 500, 'internal');
    assert.doesNotMatch(answer.text, /handler|runtime/);
  }
  assert.equal((await ask('GET', '/things/1')).status, 200);
});

test('the client is known by address, by the name that it asked for and by its cookies', async () => {
  const answer = await ask('GET', '/who', { headers: { Cookie: 'one=1; two=zwei; three=3' } });
  assert.deepEqual(answer.body, {
    address: '127.0.0.1',
    base: server.httpUrl,
    request: answer.headers.get('x-request-id'),
    cookie: 'zwei',
  });
});

test('MON-01 health tells of the parts, ping the time', async () => {
  const health = await ask('GET', '/health');
  assert.equal(health.status, 200);
  assert.equal(health.body.status, 'healthy');
  assert.equal(health.body.database, 'up');
  assert.equal(health.body.bus, 'up');
  assert.ok(Math.abs((await ask('GET', '/ping')).body.t - Date.now()) < 10_000);
});

test('API-05 the OpenAPI document holds each operation with its parameters and answers', async () => {
  const document = (await ask('GET', '/openapi.json')).body;
  assert.equal(document.openapi, '3.1.0');
  const make = document.paths['/things'].post;
  assert.equal(make.operationId, 'things.make');
  const schema = make.requestBody.content['application/json'].schema;
  assert.deepEqual(schema.required, ['name']);
  assert.deepEqual(schema.properties.tags, {
    type: 'array',
    items: { type: 'string', maxLength: 8 },
    maxItems: 3,
  });
  assert.deepEqual(make.security, [{ bearer: [] }]);
  const show = document.paths['/things/{id}'].get;
  assert.deepEqual(
    show.parameters.map((each) => [each.name, each.in, each.required]),
    [
      ['id', 'path', true],
      ['full', 'query', false],
    ],
  );
  assert.deepEqual(show.security, []);
  assert.ok(!JSON.stringify(document).includes('/old/'));
});

test('SEC-01 SEC-02 every answer tells browsers what they may do with it', async () => {
  const expected = {
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'strict-origin-when-cross-origin',
    'permissions-policy':
      'camera=(self), microphone=(self), display-capture=(self), geolocation=(), payment=()',
  };
  for (const path of [
    '/',
    '/api/v1/ping',
    '/api/v1/nothing',
    '/janus/info',
    '/nothing.js',
    '/cardea.json',
    '/healthz',
  ]) {
    const answer = await fetch(server.httpUrl + path);
    for (const [name, value] of Object.entries(expected)) {
      assert.equal(answer.headers.get(name), value, `${path} ${name}`);
    }
    assert.match(
      answer.headers.get('content-security-policy'),
      /script-src 'self';.*frame-ancestors 'none'/,
      path,
    );
    assert.equal(answer.headers.get('strict-transport-security'), null);
    assert.equal(answer.headers.get('x-xss-protection'), null);
  }
});

test('SEC-01 SEC-03 SEC-09 values by configuration; HSTS where a trusted proxy says https; names of hosts', async () => {
  const other = await startServer({
    env: {
      CARDEA_HTTP_FRAME_OPTIONS: 'SAMEORIGIN',
      CARDEA_HTTP_REFERRER_POLICY: 'no-referrer-when-downgrade',
      CARDEA_HTTP_LEGACY_XSS_HEADER: 'yes',
      CARDEA_HTTP_ALLOWED_HOSTS: 'localhost',
      CARDEA_HOST_TRUSTED_PROXIES: '127.0.0.1',
    },
  });
  try {
    const answer = await fetch(`${other.httpUrl}/api/v1/ping`, {
      headers: { 'X-Forwarded-Proto': 'https' },
    });
    assert.equal(answer.headers.get('x-frame-options'), 'SAMEORIGIN');
    assert.equal(answer.headers.get('referrer-policy'), 'no-referrer-when-downgrade');
    assert.equal(answer.headers.get('x-xss-protection'), '1; mode=block');
    assert.equal(
      answer.headers.get('strict-transport-security'),
      'max-age=63072000; includeSubDomains; preload',
    );
    assert.equal((await fetch(`${other.httpUrl.replace('localhost', '127.0.0.1')}/`)).status, 400);
  } finally {
    await other.stop();
  }
});
