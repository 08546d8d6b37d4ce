// The database modules: the same behaviour of SQLite and of Postgres, migrations, losses.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { metric } from '../support/metrics.mjs';
import { temporaryFolder } from '../support/process.mjs';
import { startPostgres, store, storeModule, until } from '../support/stores.mjs';
import { buildFolder, startServer } from '../support/server.mjs';

const [ok, constraint, unavailable, , unknown, failed] = [0, 1, 2, 3, 4, 5];
let postgres;
before(async () => {
  postgres = await startPostgres();
});
after(() => postgres.end());

const backends = {
  sqlite: () => 'sqlite:tables/test.db',
  postgres: () => postgres.database(),
};

/** One transaction; each statement is [sql, ...parameters]. */
function sql(server, statements, more = {}) {
  return store(server, 'sql', {
    statements: statements.map(([text, ...parameters]) => ({ sql: text, parameters })),
    ...more,
  });
}
const words = async (server) =>
  (await sql(server, [['SELECT word, uses FROM words ORDER BY word']])).results[0].rows;

/** `cardea migrate ...` on a database. */
function migrate(url, folder, ...args) {
  return spawnSync(join(buildFolder(), 'bin', 'cardea'), ['migrate', ...args, '--data', folder], {
    encoding: 'utf8',
    timeout: 60_000,
    env: { ...process.env, ...storeModule, CARDEA_DATABASE_URL: url },
  });
}

for (const [name, makeUrl] of Object.entries(backends)) {
  describe(name, () => {
    let server;
    before(async () => {
      server = await startServer({ env: { ...storeModule, CARDEA_DATABASE_URL: makeUrl() } });
    });
    after(() => server.stop());

    test('what a transaction wrote is there after its commit', async () => {
      const made = await sql(server, [
        ['INSERT INTO words (word, uses) VALUES ($1, $2)', 'one', 1],
        ['UPDATE words SET uses = uses + $2 WHERE word = $1', 'one', 41],
      ]);
      assert.equal(made.status, ok);
      assert.deepEqual(made.results.map((each) => each.changed), [1, 1]);
      assert.deepEqual(await words(server), [['one', 42]]);
    });

    test('what a transaction wrote is gone after its roll-back, asked for or by an exception', async () => {
      const insert = [['INSERT INTO words (word, uses) VALUES ($1, $2)', 'gone', 1]];
      const rolledBack = await sql(server, insert, { rollback: true });
      assert.equal(rolledBack.status, ok);
      assert.equal(rolledBack.results[0].changed, 1);
      assert.equal((await sql(server, insert, { fail: true })).status, failed);
      assert.deepEqual(await words(server), [['one', 42]]);
    });

    test('a violated constraint is told with its name, and ends the transaction', async () => {
      const cases = [
        [['INSERT INTO words (word, uses) VALUES ($1, $2)', 'one', 1], /words/],
        [['INSERT INTO words (word, uses) VALUES ($1, $2)', 'less', -1], /uses/],
        [['INSERT INTO words (word, uses) VALUES ($1, $2)', 'none', null], null],
        [['INSERT INTO things (id, word) VALUES ($1, $2)', 1, 'nosuchword'], null],
      ];
      for (const [statement, told] of cases) {
        const result = await sql(server, [['UPDATE words SET uses = 5'], statement, ['SELECT 1']]);
        assert.equal(result.status, constraint, JSON.stringify(result));
        assert.equal(result.results[1].status, constraint);
        assert.equal(result.results[2].status, constraint, 'a statement after it fails too');
        if (told) {
          assert.match(result.results[1].error, told);
        }
      }
      assert.deepEqual(await words(server), [['one', 42]], 'the UPDATE before was rolled back');
    });

    test('values of every type come back as they went', async () => {
      const blob = { blob: '\u0001 bytes \\x \u00ff' };
      const made = await sql(server, [
        ['INSERT INTO things (id, data, weight, word) VALUES ($1, $2, $3, $4)', 4_503_599_627_370_497, blob, 0.1, null],
        ['INSERT INTO words (word, uses) VALUES ($2, $1)', 7, "it's; ümläut $1 --"],
        ['SELECT id, data, weight, word FROM things'],
        ['SELECT word, uses FROM words WHERE uses = $1', 7],
        ['SELECT COUNT(*), SUM(uses), MAX(uses) > 1 FROM words WHERE word <> $1', ''],
      ]);
      assert.equal(made.status, ok, JSON.stringify(made));
      assert.deepEqual(made.results[2].rows, [[4_503_599_627_370_497, blob, 0.1, null]]);
      assert.deepEqual(made.results[3].rows, [["it's; ümläut $1 --", 7]]);
      assert.deepEqual(made.results[4].rows, [[2, 49, 1]]);
      await sql(server, [['DELETE FROM words WHERE uses = 7']]);
    });

    test('a migration with a trigger was run as one script', async () => {
      const rows = (await sql(server, [['SELECT text FROM log']])).results[0].rows;
      assert.deepEqual(rows, [['thing; 4503599627370497']]);
    });

    test('a wrong statement is an error of the program, told in the log and by its status', async () => {
      assert.equal((await sql(server, [['SELECT nonsense FROM nowhere']])).status, failed);
      assert.match(server.log(), /sql: .*nowhere/);
      assert.equal((await sql(server, [['SELECT $1', 'a', 'b']])).status, failed);
      assert.equal((await sql(server, [['SELECT word FROM words WHERE word = $1', { nul: true }]])).status, failed);
      assert.deepEqual(await words(server), [['one', 42]]);
    });

    test('transactions that read and write the same row at once lose no count', async () => {
      const all = await Promise.all(Array.from({ length: 60 }, () => store(server, 'count')));
      const counted = all.filter((each) => each.status === ok).length;
      const [[now]] = (await sql(server, [['SELECT number FROM numbers']])).results[0].rows;
      assert.equal(now, counted);
      assert.equal(counted, 60, JSON.stringify(all.filter((each) => each.status !== ok)));
    });
  });

  test(`${name}: a full queue refuses, counts it, and loses nothing that it took`, async () => {
    const server = await startServer({ env: { ...storeModule, CARDEA_DATABASE_URL: makeUrl(), CARDEA_DATABASE_QUEUE: '3' } });
    try {
      const all = await Promise.all(Array.from({ length: 100 }, () => store(server, 'count')));
      const counted = all.filter((each) => each.status === ok).length;
      const full = all.filter((each) => each.http === 503).length;
      assert.equal(counted + full, 100, JSON.stringify(all.filter((each) => each.http === 200 && each.status !== ok)));
      assert.ok(full > 0, 'the queue was never full');
      const [[now]] = (await sql(server, [['SELECT number FROM numbers']])).results[0].rows;
      assert.equal(now, counted);
      assert.equal(await metric(server, `cardea_limit_hits_total{limit="database_${name}_queue"}`), full);
    } finally {
      await server.stop();
    }
  });

  test(`${name}: two servers that start on one empty database apply the migrations once`, async () => {
    const folder = await temporaryFolder('shared');
    const url = name === 'sqlite' ? `sqlite:${folder.path}/shared.db` : makeUrl();
    const env = { ...storeModule, CARDEA_DATABASE_URL: url };
    const started = await Promise.allSettled([startServer({ env }), startServer({ env }), startServer({ env })]);
    const servers = started.filter((each) => each.status === 'fulfilled').map((each) => each.value);
    try {
      assert.deepEqual(started.filter((each) => each.status === 'rejected').map((each) => each.reason.message), []);
      const history = await sql(servers[0], [['SELECT sequence, module, number, name, direction FROM cardea_migrations ORDER BY sequence']]);
      assert.deepEqual(history.results[0].rows, [
        [1, 'test_store', 1, 'words', 'up'],
        [2, 'test_store', 2, 'things', 'up'],
      ]);
      await Promise.all(servers.flatMap((server) => Array.from({ length: 10 }, () => store(server, 'count'))));
      const [[now]] = (await sql(servers[1], [['SELECT number FROM numbers']])).results[0].rows;
      assert.equal(now, 10 * servers.length);
    } finally {
      await Promise.all(servers.map((server) => server.stop()));
      await folder.remove();
    }
  });

  test(`${name}: what was committed before a SIGKILL is there at the next start`, async () => {
    const folder = await temporaryFolder('killed');
    const env = { ...storeModule, CARDEA_DATABASE_URL: makeUrl() };
    const killed = await startServer({ env, folder: folder.path });
    const committed = [];
    const clients = Array.from({ length: 4 }, async (_, client) => {
      for (let i = 0; ; ++i) {
        const word = `w${client}-${i}`;
        try {
          const { status } = await sql(killed, [['INSERT INTO words (word, uses) VALUES ($1, 1)', word]]);
          assert.equal(status, ok);
        } catch (error) {
          assert.equal(error.name, 'TypeError', error); // fetch: the server is gone
          return;
        }
        committed.push(word);
      }
    });
    await until('commits', () => committed.length > 40);
    process.kill(killed.pid, 'SIGKILL');
    await Promise.all(clients);
    await assert.rejects(killed.stop(), /SIGKILL/);
    const server = await startServer({ env, folder: folder.path });
    try {
      const there = new Set((await words(server)).map(([word]) => word));
      assert.deepEqual(committed.filter((word) => !there.has(word)), []);
    } finally {
      await server.stop();
      await folder.remove();
    }
  });

  test(`${name}: migrate status, up, down and history on the command line`, async () => {
    const folder = await temporaryFolder('migrate');
    const url = makeUrl();
    const run = (...args) => {
      const result = migrate(url, folder.path, ...args);
      return [result.status, (result.status === 0 ? result.stdout : result.stderr).trim()];
    };
    try {
      const [first, second] = ['test_store 1 words', 'test_store 2 things'];
      assert.deepEqual(run('status'), [0, `${first}: missing\n${second}: missing`]);
      assert.deepEqual(run('up'), [0, `${first}: applied\n${second}: applied`]);
      assert.deepEqual(run('up'), [0, '']);
      assert.deepEqual(run('down'), [0, `${second}: taken back`]);
      assert.deepEqual(run('status'), [0, `${first}: applied\n${second}: missing`]);
      assert.deepEqual(run('up')[0], 0);
      assert.deepEqual(run('down', '2'), [0, `${second}: taken back\n${first}: taken back`]);
      const [none, why] = run('down');
      assert.equal(none, 2);
      assert.match(why, /no step is applied/);
      assert.match(run('down', 'nosuch')[1], /a number of steps/);
      assert.deepEqual(run('up')[0], 0);
      const [, history] = run('history');
      assert.deepEqual(
        history.split('\n').map((line) => line.replace(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ /, '')),
        [`${first}: up`, `${second}: up`, `${second}: down`, `${second}: up`, `${second}: down`, `${first}: down`, `${first}: up`, `${second}: up`],
      );
      assert.equal(run('sideways')[0], 2);
    } finally {
      await folder.remove();
    }
  });
}

test('Postgres is stopped and started again under requests: clear answers, nothing twice, recovery by itself', async () => {
  const url = postgres.database();
  const server = await startServer({ env: { ...storeModule, CARDEA_DATABASE_URL: url } });
  try {
    const seen = new Map();
    const committed = [];
    let doubtful = 0;
    let stopped = false;
    let number = 0;
    const client = async () => {
      while (!stopped) {
        const word = `w${++number}`;
        const { status } = await sql(server, [['INSERT INTO words (word, uses) VALUES ($1, 1)', word]]);
        seen.set(status, (seen.get(status) ?? 0) + 1);
        if (status === ok) {
          committed.push(word);
        }
        doubtful += status === unknown ? 1 : 0;
      }
    };
    const clients = Array.from({ length: 8 }, client);
    await until('commits', () => committed.length > 20);
    for (const signal of ['SIGINT', 'SIGKILL']) {
      await postgres.stop(signal);
      const refused = seen.get(unavailable) ?? 0;
      await until('refusals', () => (seen.get(unavailable) ?? 0) > refused + 10);
      assert.equal((await store(server, 'state')).database, false);
      await postgres.start();
      const before = committed.length;
      await until('recovery', () => committed.length > before + 20);
    }
    stopped = true;
    await Promise.all(clients);
    assert.equal((await store(server, 'state')).database, true);
    assert.deepEqual([...seen.keys()].filter((status) => ![ok, unavailable, unknown].includes(status)), []);
    const there = new Set((await words(server)).map(([word]) => word));
    assert.deepEqual(committed.filter((word) => !there.has(word)), [], 'every commit that was told is there');
    assert.ok(there.size <= committed.length + doubtful, 'nothing is there that was refused');
    assert.match(server.log(), /cannot be reached/);
    assert.match(server.log(), /can be reached again/);
  } finally {
    await server.stop();
  }
});

test('a statement that takes too long, or a Postgres that does not answer, holds a request no longer than its timeout', async () => {
  const env = { ...storeModule, CARDEA_DATABASE_URL: postgres.database(), CARDEA_DATABASE_TIMEOUT: '1' };
  const server = await startServer({ env });
  try {
    assert.equal((await sql(server, [['SELECT 1']])).status, ok);
    const slow = await sql(server, [['SELECT pg_sleep(30)']]);
    assert.equal(slow.status, unavailable);
    assert.equal((await sql(server, [['SELECT 1']])).status, ok);
    const backend = (await sql(server, [['SELECT pg_backend_pid()']])).results[0].rows[0][0];
    process.kill(backend, 'SIGSTOP');
    try {
      assert.equal((await sql(server, [['SELECT 1']])).status, ok, 'the next connection is a new one');
    } finally {
      process.kill(backend, 'SIGCONT');
    }
    assert.equal((await sql(server, [['SELECT 1']])).status, ok);
  } finally {
    await server.stop();
  }
});

test('without a module that wants a database no file appears', async () => {
  const folder = await temporaryFolder('lazy');
  const env = { CARDEA_MODULES_DISABLE: 'auth,invites,profiles,rooms' };
  const server = await startServer({ env, folder: folder.path });
  try {
    assert.match(server.log(), /module database_sqlite \S+ loaded/);
    assert.doesNotMatch(server.log(), /module (database_postgres|bus_redis) /);
  } finally {
    await server.stop();
  }
  assert.equal(existsSync(join(folder.path, 'cardea.db')), false);
  await folder.remove();
});

test('with auto_migrate = no a start on old tables is refused with the way out', async () => {
  const folder = await temporaryFolder('old');
  const env = { ...storeModule, CARDEA_DATABASE_AUTO_MIGRATE: 'no' };
  await assert.rejects(startServer({ env, folder: folder.path }), /test_store 1 words: missing; run `cardea migrate up`/);
  assert.equal(migrate('sqlite:cardea.db', folder.path, 'up').status, 0);
  const server = await startServer({ env, folder: folder.path });
  await server.stop();
  await folder.remove();
});

const wrong = [
  ['an unknown scheme', 'mysql://root:hunter2@localhost/x', /\[database\] url: no module is loaded for it/],
  ['no Postgres URL', 'postgres://user:hunter2@host:notaport/%zz', /\[database\] url: no Postgres URL/],
  ['no path', 'sqlite:', /\[database\] url: wants sqlite:PATH/],
  ['a database that cannot be reached', 'postgres://user:hunter2@127.0.0.1:1/x', /the database cannot be reached/, 3],
  ['a folder that cannot be made', 'sqlite:/proc/nowhere/x.db', /cannot open \/proc\/nowhere\/x.db/, 3],
];
for (const [what, url, expected, code = 2] of wrong) {
  test(`${what} stops the start with ${code}, a reason, and no password`, () => {
    const result = spawnSync(join(buildFolder(), 'bin', 'cardea'), ['--data', '/nonexistent'], {
      encoding: 'utf8',
      timeout: 60_000,
      env: { ...process.env, ...storeModule, CARDEA_DATABASE_URL: url, CARDEA_DATABASE_WAIT: '1' },
    });
    assert.equal(result.status, code, result.stderr);
    assert.match(result.stderr, expected);
    assert.doesNotMatch(result.stderr + result.stdout, /hunter2/);
  });
}
