// Runs a suite on SQLite and on Postgres.
import { after, before, describe } from 'node:test';
import { startPostgres } from './stores.mjs';

/** Calls `suite(newUrl)` inside a describe of each database; `newUrl()` is the URL of a new empty one. */
export function forEachStore(suite) {
  let postgres;
  before(async () => {
    postgres = await startPostgres();
  });
  after(() => postgres?.end());
  describe('sqlite', () => suite(() => 'sqlite:data.db'));
  describe('postgres', () => suite(() => postgres.database()));
}

/** One request to the REST API: `status`, `headers`, `body` (parsed where it is JSON), `text`. */
export async function rest(server, method, path, { body, token, headers = {}, raw, redirect = 'manual' } = {}) {
  const answer = await fetch(path.startsWith('http') ? path : `${server.httpUrl}/api/v1${path}`, {
    method,
    redirect,
    body: raw ?? (body === undefined ? undefined : JSON.stringify(body)),
    headers: {
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(token ? { Authorization: `Bearer ${token}` } : {}),
      ...headers,
    },
  });
  const text = await answer.text();
  const json = /json/.test(answer.headers.get('content-type') ?? '');
  return { status: answer.status, headers: answer.headers, body: json && text ? JSON.parse(text) : undefined, text };
}
