// Every operation of the OpenAPI document gets what it does not expect: it answers with a problem, never with a fault.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, quick, register } from '../support/accounts.mjs';
import { assertHealthy } from '../support/metrics.mjs';
import { startServer } from '../support/server.mjs';

let server, document, admin;
before(async () => {
  server = await startServer({ env: { ...quick, CARDEA_TEAMS_ENABLED: 'yes' } });
  document = (await ask(server, 'GET', '/openapi.json')).body;
  admin = await register(server, { username: 'keeper' });
});
after(() => server?.stop());

const base = '/api/v1';
const operations = () =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );

// Of every type, of every size, and what parsers stumble over.
const odd = [null, true, -1, 0, 2 ** 53, 1.5, '', 'x', 'x'.repeat(5000), '\u0000', '\u202e', "' OR 1=1 --", '%s%n', [], [[]], {}, { a: { b: [1] } }];
const bodies = ['', '{', '[]', '7', 'null', '"x"', '{"a":1,"a":2}', '{"\\ud800":1}', '[[[['.repeat(2000), 'x'.repeat(20_000), '\u0000'];
const texts = ['x', '-1', '0', '9'.repeat(30), "'", '%2e%2e%2f', '%C3%28', 'x'.repeat(2000)];

/** What a body may hold, out of the document's schema. */
const members = (operation) => Object.keys(operation.requestBody?.content?.['application/json']?.schema?.properties ?? {});
const filled = (path, text) => path.replace(/\{\w+\}/g, text);

let turn = 0;
/** The next `count` of a list, so that all have their turn over the operations. */
const some = (list, count) => Array.from({ length: count }, () => list[turn++ % list.length]);

const seen = new Map();
async function send(method, path, options, { token = admin.access_token } = {}) {
  const what = `${method} ${path.slice(0, 100)} ${JSON.stringify(options).slice(0, 200)}`;
  const headers = { ...(options.raw === undefined ? {} : { 'Content-Type': 'application/json' }), ...options.headers };
  const request = () =>
    fetch(`${server.httpUrl}${base}${path}`, {
      method,
      redirect: 'manual',
      signal: AbortSignal.timeout(20_000),
      body: method === 'GET' || method === 'HEAD' ? undefined : (options.raw ?? (options.body && JSON.stringify(options.body))),
      headers: { ...(token ? { Authorization: `Bearer ${token}` } : {}), ...(options.body ? { 'Content-Type': 'application/json' } : {}), ...headers },
    });
  // A connection that the server closed after a body that was too large may have been taken for this one.
  const answer = await request()
    .catch(request)
    .catch((error) => assert.fail(`${what}: ${error.cause?.message ?? error}`));
  assert.ok(answer.status !== 500 && answer.status !== 504, `${what}: ${answer.status}`);
  seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
  if (/event-stream/.test(answer.headers.get('content-type') ?? '')) {
    await answer.body.cancel(); // it would not end
    return;
  }
  const text = await answer.text();
  if (answer.status >= 400) {
    assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/, what);
    const problem = JSON.parse(text);
    assert.ok(problem.code && problem.error && problem.status === answer.status, what);
    assert.doesNotMatch(text, /SELECT |INSERT |sqlite|\.cpp/, what);
  }
}

// These would end the one who asks.
const suicidal = /auth\/logout|delete-account|^\/profile$|totp|\/auth\/sessions|users\/me$|auth\/password/;

test('SEC-05 API-02 no operation breaks over what it does not expect', { timeout: 120_000 }, async (t) => {
  for (const { path, method, operation } of operations()) {
    const short = path.startsWith(base) ? path.slice(base.length) : path;
    const token = suicidal.test(short) && method !== 'GET' ? null : admin.access_token;
    const who = { token };
    const good = filled(short, 'x');
    const tries = [
      ...some(texts, short.includes('{') ? 8 : 1).map((text) => [filled(short, text), {}]),
      ...some(bodies, method === 'GET' ? 1 : 5).map((raw) => [good, { raw }]),
      [good, { body: Object.fromEntries(members(operation).map((name) => [name, null])) }],
      ...members(operation).flatMap((name) => some(odd, 5).map((value) => [good, { body: { [name]: value } }])),
      ...(operation.parameters ?? []).filter((each) => each.in === 'query').flatMap(({ name }) => some(texts, 3).map((text) => [`${good}?${name}=${text}`, {}])),
      [`${good}?${'a=1&'.repeat(50)}`, {}],
      [good, { raw: 'a=b', headers: { 'Content-Type': 'text/plain' } }],
    ];
    for (let i = 0; i < tries.length; i += 20) {
      await Promise.all(tries.slice(i, i + 20).map(([where, options]) => send(method, where, options, who)));
    }
  }
  t.diagnostic(JSON.stringify([...seen].sort()));
  assert.ok(seen.get(400) > 200 && seen.get(404) > 20);
  await assertHealthy(server);
  assert.equal((await ask(server, 'GET', '/users/me', { token: admin.access_token })).status, 200);
});

test('a route that the document does not list does not exist', async () => {
  const known = new Map();
  for (const { path, method } of operations()) {
    known.set(path, [...(known.get(path) ?? []), method]);
  }
  for (const [path, methods] of known) {
    const short = filled(path.startsWith(base) ? path.slice(base.length) : path, 'x');
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((each) => !methods.includes(each))) {
      const answer = await ask(server, method, short, { token: admin.access_token });
      const other = operations().some((each) => each.method === method && new RegExp(`^(${base})?${filled(each.path, '[^/]+')}$`).test(short));
      assert.ok(other || [404, 405].includes(answer.status), `${method} ${short}: ${answer.status}`);
    }
    assert.equal((await ask(server, 'GET', `${short}/nothing/here`, { token: admin.access_token })).status, 404);
  }
});
