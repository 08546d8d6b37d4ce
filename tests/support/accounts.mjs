// People for tests of accounts: a server with cheap hashes, requests of its REST API, and one suite for each database.
import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { buildFolder, startServer } from './server.mjs';
import { startPostgres } from './stores.mjs';

/** Signs the access tokens of these servers, so that tests can make some themselves. */
export const jwtSecret = 'tests-Q7vX2mZ9pL4kT8wB6nR3yD5hJ1cF0gS';

/** Environment of a server for tests: hashes that cost little, limits that do not stand in the way. */
export const quick = {
  CARDEA_AUTH_JWT_SECRET: jwtSecret,
  CARDEA_AUTH_ARGON2_MEMORY: '64',
  CARDEA_AUTH_ARGON2_PASSES: '1',
  CARDEA_LIMITS_ENABLED: 'no',
};

/**
 * Runs `define(store)` as a suite on SQLite and on Postgres. `store.server` is one that runs, with `env` besides `quick`;
 * `store.url()` a further empty database, `store.start(env, more)` a further server on one, which the test stops.
 */
export function forEachStore(env, define) {
  for (const name of ['sqlite', 'postgres']) {
    describe(name, () => {
      let postgres;
      let made = 0;
      const store = {
        name,
        url: () => (name === 'postgres' ? postgres.database() : `sqlite:test_${++made}.db`),
        start: (more = {}, options = {}) =>
          startServer({ env: { ...quick, CARDEA_DATABASE_URL: store.url(), ...env, ...more }, ...options }),
      };
      before(async () => {
        postgres = name === 'postgres' ? await startPostgres() : undefined;
        store.postgres = postgres;
        store.server = await store.start();
      });
      after(async () => {
        await store.server?.stop();
        await postgres?.end();
      });
      define(store);
    });
  }
}

/** One request below /api/v1. @returns status, headers, body (JSON, or empty) and text. */
export async function ask(server, method, path, { body, token, headers = {}, signal } = {}) {
  const answer = await fetch(`${server.httpUrl ?? server}/api/v1${path}`, {
    method,
    signal,
    body: body === undefined ? undefined : JSON.stringify(body),
    headers: {
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(token ? { Authorization: `Bearer ${token}` } : {}),
      ...headers,
    },
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text && JSON.parse(text), text };
}

export function isProblem(answer, status, code) {
  assert.equal(answer.status, status, answer.text);
  assert.match(answer.headers.get('content-type'), /^application\/problem\+json/);
  assert.equal(answer.body.code, code, answer.text);
}

export const password = 'correct horse battery';

let people = 0;
/** A name that nobody has yet. */
export const freshName = (stem = 'user') => `${stem}_${++people}_${process.pid}`;

/** A new account. @returns its tokens and `user`. */
export async function register(server, more = {}) {
  const answer = await ask(server, 'POST', '/auth/register', { body: { username: freshName(), password, ...more } });
  assert.equal(answer.status, 201, answer.text);
  return answer.body;
}

export async function login(server, name, secret = password, more = {}) {
  return ask(server, 'POST', '/auth/login', { body: { login: name, password: secret, ...more } });
}

export const me = (server, token) => ask(server, 'GET', '/users/me', { token });

export { buildFolder };
