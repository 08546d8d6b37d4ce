// A thousand sessions by WebSocket and a thousand by long poll, with traffic, come and go: nothing of them stays. A build
// with AddressSanitizer is slower and has fewer.
import assert from 'node:assert/strict';
import { readdirSync, readlinkSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { after, before, test } from 'node:test';
import { JanusClient } from '../support/janus_client.mjs';
import { assertHealthy, isSanitized, residentBytes } from '../support/metrics.mjs';
import { sleep } from '../support/process.mjs';
import { promptFrees, startServer } from '../support/server.mjs';

const atOnce = 100; // so that no connection waits for seconds
const mostGrowth = 8 << 20; // bytes of memory, from the first round to the second
const adminSecret = 'secret of the leak test';
const patienceMs = 30_000;

let server, agent;
let sessions = 1000; // of each kind
before(async () => {
  server = await startServer({
    env: {
      CARDEA_LIMITS_ENABLED: 'no',
      CARDEA_ADMIN_SECRET: adminSecret,
      CARDEA_JANUS_RECLAIM_TIMEOUT: '0',
      ...promptFrees,
    },
  });
  if (isSanitized(server.pid)) {
    sessions = 250;
  }
});
after(() => server?.stop());

/** One JSON text by HTTP. */
function http(base, path, body) {
  return new Promise((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST';
    const outgoing = request(`${base}${path}`, { method, agent }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve(JSON.parse(text))).once('error', reject);
    });
    outgoing.once('error', reject).end(body && JSON.stringify({ transaction: 't', ...body }));
  });
}

const admin = (janus, path = '') =>
  http(server.adminUrl, `/admin${path}`, { janus, admin_secret: adminSecret });

/** Does `work` for 0 to `count` - 1, some at once. @returns what each gave. */
async function forEach(count, work) {
  const results = [];
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const i = next++;
      results[i] = await work(i);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}

// Two plugins in turn, one whose answer is an event and one that answers at once.
const pluginOf = (i) => (i % 2 === 0 ? 'janus.plugin.echotest' : 'janus.plugin.videoroom');
const bodyOf = (i) => (i % 2 === 0 ? { audio: true } : { request: 'list' });

async function openByWebSocket(i) {
  const client = await JanusClient.connect(server.websocketUrl);
  const session = await client.createSession();
  const handle = await client.attach(session, pluginOf(i));
  const talk = async () => {
    const { plugindata } = await client.message(session, handle, bodyOf(i), undefined, patienceMs);
    assert.ok(plugindata.data.result ?? plugindata.data.videoroom);
  };
  await talk();
  return {
    talk,
    // Some end their session, some just go.
    close: async () => {
      if (i % 4 < 2) {
        await client.request({ janus: 'destroy', session_id: session }, patienceMs);
      }
      await client.close();
    },
  };
}

async function openByLongPoll(i) {
  const url = server.httpUrl;
  const session = `/janus/${(await http(url, '/janus', { janus: 'create' })).data.id}`;
  const attached = await http(url, session, { janus: 'attach', plugin: pluginOf(i) });
  const handle = `${session}/${attached.data.id}`;
  let poll = http(url, session);
  return {
    async talk() {
      const answer = await http(url, handle, { janus: 'message', body: bodyOf(i) });
      if (i % 2 === 0) {
        assert.equal((await poll).plugindata.data.result, 'ok');
        poll = http(url, session);
      } else {
        assert.equal(answer.plugindata.data.videoroom, 'success');
      }
    },
    async close() {
      await http(url, session, { janus: 'destroy' });
      await poll;
    },
  };
}

function openSockets() {
  const folder = `/proc/${server.pid}/fd`;
  const links = readdirSync(folder).map((fd) => {
    try {
      return readlinkSync(`${folder}/${fd}`);
    } catch {
      return ''; // closed meanwhile
    }
  });
  return links.filter((link) => link.startsWith('socket:')).length;
}

async function falls(what, figure, to) {
  let value = await figure();
  for (const end = Date.now() + patienceMs; value > to && Date.now() < end; await sleep(100)) {
    value = await figure();
  }
  assert.ok(value <= to, `${what}: ${value} instead of ${to}`);
}

const listed = async () => (await admin('list_sessions')).sessions;

/** All sessions come, talk and go. @returns the memory that the server then has. */
async function round() {
  agent = new Agent({ keepAlive: true });
  try {
    const sockets = openSockets();
    const open = [
      ...(await forEach(sessions, openByWebSocket)),
      ...(await forEach(sessions, openByLongPoll)),
    ];
    const there = await listed();
    assert.equal(there.length, open.length);
    assert.equal((await admin('list_handles', `/${there[0]}`)).handles.length, 1);
    assert.ok(openSockets() >= sockets + sessions + sessions, 'each has its socket');
    await forEach(open.length, (i) => open[i].talk());
    await forEach(open.length, (i) => open[i].close());
    await falls('sessions', async () => (await listed()).length, 0);
    agent.destroy();
    await falls('sockets', openSockets, sockets);
  } finally {
    agent.destroy();
  }
  return residentBytes(server.pid);
}

test(
  'sessions with traffic come and go twice: no session, handle, socket or memory stays',
  { timeout: 120_000 },
  async (t) => {
    const first = await round();
    const second = await round();
    t.diagnostic(`resident: ${first >> 10} KiB, then ${second >> 10} KiB`);
    if (!isSanitized(server.pid)) {
      assert.ok(second - first < mostGrowth, `memory grew by ${(second - first) >> 10} KiB`);
    }
    await assertHealthy(server);
  },
);
