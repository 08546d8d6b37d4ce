// Registration codes: made, listed, used up once, revoked, purged.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { forEachStore, rest } from '../../support/each_store.mjs';
import { temporaryFolder } from '../../support/process.mjs';
import { until } from '../../support/stores.mjs';
import { buildFolder, startServer } from '../../support/server.mjs';

const admin = 'admin:root';
const environment = {
  CARDEA_MODULES_PATHS: join(buildFolder(), 'lib', 'tests', 'people'),
  CARDEA_MODULES_DISABLE: 'auth,profiles,rooms',
  CARDEA_LIMITS_GLOBAL_PER_MINUTE: '0',
};

forEachStore((newUrl) => {
  let server;
  let url;
  const ask = (...request) => rest(server, ...request);
  const make = async (wanted) =>
    (await ask('POST', '/admin/registration-invites', { token: admin, body: { count: 1, ...wanted } })).body.invites;
  const join_ = (code, user) => ask('POST', '/people', { body: { code, user } });

  before(async () => {
    url = newUrl();
    server = await startServer({ env: { ...environment, CARDEA_DATABASE_URL: url } });
  });
  after(() => server?.stop());

  test('INV-01 anybody may ask whether a code is needed', async () => {
    assert.deepEqual((await ask('GET', '/auth/invite-required')).body, { invite_required: false });
    const strict = await startServer({ env: { ...environment, CARDEA_DATABASE_URL: newUrl(), CARDEA_INVITES_REQUIRED: 'yes' } });
    try {
      assert.deepEqual((await rest(strict, 'GET', '/auth/invite-required')).body, { invite_required: true });
    } finally {
      await strict.stop();
    }
  });

  test('INV-03 a new account gets three codes, which only it sees and may end', async () => {
    const [first] = await make({});
    assert.equal((await join_(first.code, 'ann')).status, 204);
    const own = (await ask('GET', '/registration-invites', { token: 'user:ann' })).body;
    assert.equal(own.length, 3);
    for (const each of own) {
      assert.match(each.code, /^[\w-]{16}$/);
      assert.equal(each.used, false);
      assert.equal(each.url, `${server.httpUrl}/register?invite=${each.code}`);
      assert.ok(Math.abs(each.created_at - Date.now() / 1000) < 60);
      assert.ok(!('used_by' in each));
    }
    assert.deepEqual((await ask('GET', '/registration-invites', { token: 'user:bob' })).body, []);
    assert.equal((await ask('DELETE', `/registration-invites/${own[0].id}`, { token: 'user:bob' })).status, 404);
    assert.equal((await ask('DELETE', `/registration-invites/${own[0].id}`, { token: 'user:ann' })).status, 204);
    assert.equal((await join_(own[0].code, 'carl')).body.code, 'unknown');
    assert.equal((await join_(own[1].code, 'carl')).status, 204);
    const now = (await ask('GET', '/registration-invites', { token: 'user:ann' })).body;
    assert.deepEqual(now.filter((each) => each.used).map((each) => each.used_by), ['carl']);
    assert.equal((await ask('GET', '/registration-invites')).status, 401);
  });

  test('INV-03 the codes of an account end with it', async () => {
    const [code] = await make({});
    await join_(code.code, 'dora');
    const [own] = (await ask('GET', '/registration-invites', { token: 'user:dora' })).body;
    assert.equal((await ask('DELETE', '/people/dora')).status, 204);
    assert.equal((await join_(own.code, 'emil')).body.code, 'unknown');
    const { body } = await ask('GET', '/admin/registration-invites?limit=200', { token: admin });
    assert.ok(!JSON.stringify(body).includes('dora'));
  });

  test('INV-04 used and unknown codes have words of their own', async () => {
    const [code] = await make({ expires_in_hours: 1 });
    assert.equal(Math.round((code.expires_at - code.created_at) / 60), 60);
    assert.equal((await join_(code.code, 'x1')).status, 204);
    assert.equal((await join_(code.code, 'x2')).body.code, 'used');
    assert.equal((await join_('AAAAAAAAAAAAAAAA', 'x3')).body.code, 'unknown');
    assert.equal((await join_(code.code.toLowerCase() === code.code ? 'A' : code.code.toLowerCase(), 'x4')).body.code, 'unknown');
  });

  test('INV-04 expired codes are refused, and purged at the start and every hour', async () => {
    const folder = await temporaryFolder('invites');
    const environment_ = { ...environment, CARDEA_DATABASE_URL: newUrl() };
    let own = await startServer({ env: environment_, folder: folder.path });
    const total = async () => (await rest(own, 'GET', '/admin/registration-invites', { token: admin })).body.total;
    try {
      const body = { count: 1, expires_in_hours: 1 };
      const made = await rest(own, 'POST', '/admin/registration-invites', { token: admin, body });
      const { code } = made.body.invites[0];
      assert.equal((await rest(own, 'PUT', '/people/age', { body: { code } })).status, 204);
      const late = await rest(own, 'POST', '/people', { body: { code, user: 'late' } });
      assert.deepEqual([late.status, late.body.code], [400, 'expired']);
      assert.equal(await total(), 1);
      await own.stop();
      own = await startServer({ env: environment_, folder: folder.path });
      await until('the purge', async () => (await total()) === 0);
    } finally {
      await own.stop();
      await folder.remove();
    }
  });

  test('INV-04 a code for two makes two accounts', async () => {
    const [code] = await make({ max_uses: 2, note: 'für zwei' });
    assert.deepEqual([code.max_uses, code.uses, code.note], [2, 0, 'für zwei']);
    const answers = [];
    for (const user of ['y1', 'y2', 'y3']) {
      answers.push((await join_(code.code, user)).status);
    }
    assert.deepEqual(answers, [204, 204, 400]);
  });

  test('A8 INV-04 of 200 at once exactly one uses a code', { timeout: 120_000 }, async () => {
    const [code] = await make({});
    const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => join_(code.code, `race${i}`)));
    const won = answers.filter((each) => each.status === 204);
    assert.equal(won.length, 1);
    for (const each of answers.filter((one) => one.status !== 204)) {
      assert.deepEqual([each.status, each.body.code], [400, 'used'], each.text);
    }
    const { body } = await ask('GET', '/admin/registration-invites?limit=200', { token: admin });
    assert.equal(body.invites.find((each) => each.id === code.id).uses, 1);
  });

  test('INV-05 an admin makes, pages and ends codes; nobody else does', async () => {
    const made = await make({ count: 50 });
    assert.equal(new Set(made.map((each) => each.code)).size, 50);
    const page = (query) => ask('GET', `/admin/registration-invites?${query}`, { token: admin });
    const first = (await page('')).body;
    assert.equal(first.invites.length, 50);
    assert.ok(first.total >= 50);
    const two = [(await page('limit=2')).body.invites, (await page('limit=2&offset=2')).body.invites].flat();
    assert.equal(new Set(two.map((each) => each.id)).size, 4);
    for (const wrong of ['limit=201', 'limit=0', 'offset=-1', 'limit=x']) {
      assert.equal((await page(wrong)).status, 400, wrong);
    }
    for (const count of [0, 51, undefined, '3']) {
      const answer = await ask('POST', '/admin/registration-invites', { token: admin, body: { count } });
      assert.equal(answer.status, 400, String(count));
    }
    const drop = (id) => ask('DELETE', `/admin/registration-invites/${id}`, { token: admin });
    assert.equal((await drop(made[0].id)).status, 204);
    assert.equal((await drop(made[0].id)).status, 404);
    await join_(made[1].code, 'zoe');
    assert.equal((await drop(made[1].id)).status, 404);
    for (const [method, path] of [['GET', ''], ['POST', ''], ['DELETE', `/${made[2].id}`]]) {
      assert.equal((await ask(method, `/admin/registration-invites${path}`, { token: 'user:zoe', body: method === 'POST' ? { count: 1 } : undefined })).status, 403);
      assert.equal((await ask(method, `/admin/registration-invites${path}`, { body: method === 'POST' ? { count: 1 } : undefined })).status, 401);
    }
  });

  test('A9 codes are in no log', async () => {
    const { body } = await ask('GET', '/admin/registration-invites?limit=200', { token: admin });
    const log = server.log();
    assert.ok(body.invites.length > 50);
    assert.deepEqual(body.invites.filter((each) => log.includes(each.code)), []);
  });
});
