// People for tests of accounts: a server with cheap hashes, requests of its REST API, and one suite for each database.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before } from 'node:test';
import { forEachStore as forEachUrl, rest } from './each_store.mjs';
import { plant, startServer } from './server.mjs';

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
 * `store.start(env)` a further one on an empty database, which the test stops.
 */
export function forEachStore(env, define) {
  forEachUrl((newUrl) => {
    const store = {
      url: newUrl,
      start: (more = {}) => startServer({ env: { ...quick, CARDEA_DATABASE_URL: newUrl(), ...env, ...more } }),
    };
    before(async () => {
      store.server = await store.start();
    });
    after(() => store.server?.stop());
    define(store);
  });
}

/** One request below /api/v1. @returns status, headers, body (of JSON) and text. */
export const ask = rest;

export function isProblem(answer, status, code) {
  assert.equal(answer.status, status, answer.text);
  assert.match(answer.headers.get('content-type'), /^application\/problem\+json/);
  assert.equal(answer.body.code, code, answer.text);
}

export const password = 'correct horse battery';
plant(password, jwtSecret);

let people = 0;
/** A name that nobody has yet. */
export const freshName = (stem = 'user') => `${stem}_${++people}_${process.pid}`;

/** A new account. @returns its tokens and `user`. */
export async function register(server, more = {}) {
  const answer = await ask(server, 'POST', '/auth/register', { body: { username: freshName(), password, ...more } });
  assert.equal(answer.status, 201, answer.text);
  plant(answer.body.access_token, answer.body.refresh_token);
  return answer.body;
}

export async function login(server, name, secret = password, more = {}) {
  return ask(server, 'POST', '/auth/login', { body: { login: name, password: secret, ...more } });
}

export const me = (server, token) => ask(server, 'GET', '/users/me', { token });

/** A JWT of a test's own; `header` and `claims` as they are. */
export function jwt(claims, { secret = jwtSecret, header = {}, kid } = {}) {
  const part = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'HS256', typ: 'JWT', ...(kid ? { kid } : {}), ...header })}.${part(claims)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

/** Header and claims of a token. */
export const parts = (token) => token.split('.').slice(0, 2).map((part) => JSON.parse(Buffer.from(part, 'base64url')));

/** The code of a second factor, RFC 6238 by other means than the server's. */
export function totp(secret, offset = 0) {
  const bits = [...secret].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + offset));
  const hash = createHmac('sha1', key).update(counter).digest();
  return String((hash.readUInt32BE(hash.at(-1) & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}
