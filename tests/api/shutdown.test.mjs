// SIGTERM: clients are told, sessions end with an event and a close frame, and the process exits with 0 within 5 s.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import WebSocket from 'ws';
import { sleep } from '../support/process.mjs';
import { startServer } from '../support/server.mjs';

const deadlineMs = 5_000;

/** A raw connection that keeps every message and the close. */
async function connect(url) {
  const socket = new WebSocket(url, 'janus-protocol');
  const messages = [];
  let wake = () => {};
  socket.on('message', (data) => {
    messages.push(JSON.parse(data));
    wake();
  });
  const closed = new Promise((resolve) => socket.on('close', (code, reason) => resolve({ code, reason: String(reason) })));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const request = async (body) => {
    const transaction = Math.random().toString(36).slice(2);
    socket.send(JSON.stringify({ ...body, transaction }));
    for (;;) {
      const answer = messages.find((message) => message.transaction === transaction);
      if (answer) {
        return answer;
      }
      await new Promise((resolve) => {
        wake = resolve;
      });
    }
  };
  return { socket, messages, closed, request };
}

test('clients get an event and a close frame, and the server ends with 0 in time', async () => {
  const server = await startServer();
  const clients = await Promise.all(Array.from({ length: 5 }, () => connect(server.websocketUrl)));
  const sessions = [];
  for (const client of clients) {
    const created = await client.request({ janus: 'create' });
    sessions.push(created.data.id);
    await client.request({ janus: 'attach', session_id: created.data.id, plugin: 'janus.plugin.echotest' });
  }
  const polled = await (await fetch(`${server.httpUrl}/janus`, {
    method: 'POST',
    body: JSON.stringify({ janus: 'create', transaction: 'x' }),
  })).json();
  const poll = fetch(`${server.httpUrl}/janus/${polled.data.id}`).then((answer) => answer.json());
  await sleep(200);

  const start = Date.now();
  await server.stop(); // rejects unless the exit code is 0
  assert.ok(Date.now() - start < deadlineMs, `took ${Date.now() - start} ms`);
  for (const [index, client] of clients.entries()) {
    const { code } = await client.closed;
    assert.equal(code, 1001);
    assert.ok(
      client.messages.some((message) => message.janus === 'timeout' && message.session_id === sessions[index]),
      JSON.stringify(client.messages),
    );
  }
  assert.equal((await poll).janus, 'timeout');
});

test('a client that does not read cannot hold the server beyond its deadline', async () => {
  const server = await startServer();
  const client = await connect(server.websocketUrl);
  await client.request({ janus: 'create' });
  client.socket.pause();
  const start = Date.now();
  await server.stop();
  assert.ok(Date.now() - start < deadlineMs, `took ${Date.now() - start} ms`);
  client.socket.terminate();
});

test('health and readiness answer on both ports, metrics on the admin port only', async () => {
  const server = await startServer();
  try {
    for (const url of [server.httpUrl, server.adminUrl]) {
      assert.equal((await fetch(`${url}/healthz`)).status, 200);
      assert.equal((await fetch(`${url}/readyz`)).status, 200);
    }
    assert.equal((await fetch(`${server.httpUrl}/metrics`)).status, 404);
    const metrics = await (await fetch(`${server.adminUrl}/metrics`)).text();
    assert.match(metrics, /^cardea_/m);
    assert.equal((await fetch(`${server.httpUrl}/api/v1/unknown`)).status, 404);
  } finally {
    await server.stop();
  }
});
