// Paths that modules register (<cardea/http.h>): requests, answers with headers, CORS, and streams without an end.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { sleep } from '../support/process.mjs';
import { buildFolder, startServer } from '../support/server.mjs';
import { rawSocket } from '../support/transport_harness.mjs';

let server;
let url;

before(async () => {
  server = await startServer({ env: { CARDEA_MODULES_PATHS: join(buildFolder(), 'lib/tests') } });
  url = server.httpUrl;
});
after(() => server.stop());

const push = async (body) => (await fetch(`${url}/module/push`, { method: 'POST', body })).json();

async function until(what, check) {
  for (const end = Date.now() + 15_000; Date.now() < end; await sleep(50)) {
    if (await check()) {
      return;
    }
  }
  assert.fail(`never: ${what}`);
}

/** A stream that is open: the socket, once its head has arrived. */
async function openStream() {
  const client = rawSocket(new URL(url).port, { text: 'GET /module/stream HTTP/1.1\r\nHost: x\r\n\r\n' });
  await client.waitFor(/^HTTP\/1\.1 200 [^]*text\/event-stream[^]*\r\n\r\n/i);
  return client;
}

test('a module sees the whole request and answers with status, headers and body', async () => {
  const answer = await fetch(`${url}/module/echo/a%20b?x=1`, {
    method: 'POST',
    body: 'v=0',
    headers: { Authorization: 'Bearer one', 'Content-Type': 'application/sdp', 'If-Match': '"two"' },
  });
  assert.equal(answer.status, 201);
  assert.equal(answer.headers.get('location'), '/module/echo/1');
  assert.equal(answer.headers.get('etag'), '"one"');
  assert.equal(answer.headers.get('access-control-allow-origin'), null);
  const seen = await answer.json();
  assert.equal(seen.method, 'POST');
  assert.equal(seen.path, '/module/echo/a b');
  assert.equal(seen.query, 'x=1');
  assert.equal(seen.body, 'v=0');
  assert.equal(seen.remote, '127.0.0.1');
  assert.equal(seen.headers.authorization, 'Bearer one');
  assert.equal(seen.headers['content-type'], 'application/sdp');
  assert.equal(seen.headers['if-match'], '"two"');
});

test('a method that a path lacks gets 405, and other paths are still files', async () => {
  const answer = await fetch(`${url}/module/echo`);
  assert.equal(answer.status, 405);
  assert.equal(answer.headers.get('allow'), 'POST, OPTIONS');
  assert.equal((await fetch(`${url}/modules.txt`)).status, 404);
});

test('a path for any origin answers preflights and carries CORS headers, others do not', async () => {
  const preflight = (path) =>
    fetch(url + path, {
      method: 'OPTIONS',
      headers: { Origin: 'https://elsewhere', 'Access-Control-Request-Headers': 'authorization,content-type' },
    });
  const open = await preflight('/module/open');
  assert.equal(open.status, 204);
  assert.equal(open.headers.get('access-control-allow-origin'), '*');
  assert.equal(open.headers.get('access-control-allow-headers'), 'authorization,content-type');
  assert.match(open.headers.get('access-control-allow-methods'), /PATCH/);
  assert.equal((await preflight('/module/echo')).headers.get('access-control-allow-origin'), null);
  const answer = await fetch(`${url}/module/open`, { method: 'DELETE' });
  assert.equal(answer.status, 201);
  assert.equal(answer.headers.get('access-control-allow-origin'), '*');
});

test('a stream brings what is written, and ends when the module ends it', async () => {
  const client = await openStream();
  await push('data: one\n\n');
  await client.waitFor(/data: one/);
  await push('data: two\n\n');
  await client.waitFor(/data: two/);
  assert.equal((await push('')).streams, 0);
  await client.waitFor(/\r\n0\r\n\r\n$/);
  client.end();
});

test('a client that leaves its stream is noticed though nothing is written', async () => {
  const before = (await push('?')).gone;
  const client = await openStream();
  client.end();
  await until('gone', async () => (await push('?')).gone > before);
});

test('who does not read his stream is cut, and the others go on', async () => {
  const slow = await openStream();
  slow.socket.pause();
  const quick = await openStream();
  const piece = 'x'.repeat(200_000);
  let state;
  await until('cut', async () => {
    state = await push(piece);
    return state.cut > 0;
  });
  assert.equal(state.streams, 1);
  await push('data: still here\n\n');
  await quick.waitFor(/still here/, 15_000);
  quick.end();
  slow.end();
});
