// Every operation that the server declares gets messages that break its declaration, and hostile JSON: each is answered
// by number and text, and the server lives on. What there is comes from the server (list_operations), so that a new
// operation is among them. CARDEA_FUZZ_EACH: how many wrong values of each parameter; CARDEA_TEST_SEED: other ones.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { adminOf } from '../support/admin_client.mjs';
import { assertHealthy, isSanitized, peakGrowth, waitForMetric } from '../support/metrics.mjs';
import { mutations, spliced } from '../support/mutations.mjs';
import { random } from '../support/random.mjs';
import { RawJanus } from '../support/raw_janus.mjs';
import { startServer } from '../support/server.mjs';

const each = Number(process.env.CARDEA_FUZZ_EACH ?? 1);
const seed = Number(process.env.CARDEA_TEST_SEED ?? 20_261_121);
const secret = 'a secret that only this test knows';
const timeout = 60_000 * Math.max(2, each);
const longestReason = 700;

/** Values that lead beyond the first check, by the name of the parameter. */
const known = {
  room: 1234,
  plugin: 'janus.plugin.echotest',
  ptype: 'publisher',
  action: 'enable',
  mid: '0',
  address: '127.0.0.1',
  host: '127.0.0.1',
  transport: 'janus.transport.websockets',
  port: 9,
  timeout: 60,
  body: {},
};

let server;
let admin;
let declared;
let growth;
let sent = 0;
before(async () => {
  server = await startServer({
    env: { CARDEA_LIMITS_ENABLED: 'no', CARDEA_JANUS_OPEN: 'yes', CARDEA_JANUS_RECLAIM_TIMEOUT: '1', CARDEA_ADMIN_SECRET: secret },
  });
  admin = adminOf(server, secret);
  declared = await admin('list_operations');
  growth = peakGrowth(server.pid);
});
after(() => server?.stop());

/** The error in an answer, `{ code, reason }`, or undefined. Its form is checked. */
function errorIn(message, what) {
  const data = message.plugindata?.data ?? message.response ?? {};
  const error = message.janus === 'error' ? message.error : 'error_code' in data ? { code: data.error_code, reason: data.error } : undefined;
  if (error) {
    assert.ok(Number.isInteger(error.code) && error.code >= 400 && error.code < 700, `${what}: ${JSON.stringify(message)}`);
    assert.ok(typeof error.reason === 'string' && error.reason.length > 5, `${what}: ${JSON.stringify(message)}`);
    assert.ok(error.reason.length <= longestReason, `${what}: a reason of ${error.reason.length} characters: ${error.reason.slice(0, 200)}`);
  }
  return error;
}

/** A connection with one session, and the handles that it was asked for. */
class Client {
  #socket;
  #count = 0;

  static async connect() {
    const client = new Client();
    client.#socket = await RawJanus.connect(server.websocketUrl);
    client.session_id = (await client.ask({ janus: 'create' })).data.id;
    return client;
  }

  /** @returns the answer to a message: of a message to a plugin, the event after the ack. */
  async ask(message) {
    const transaction = `t${(this.#count += 1)}`;
    return this.answer(JSON.stringify({ transaction, ...message }), transaction);
  }

  async answer(bytes, transaction) {
    this.#socket.send(bytes);
    for (;;) {
      const { message, closed } = await this.#socket.next();
      if (closed !== undefined) {
        return { closed };
      }
      // As in Janus, an error found before the transaction was understood has none.
      const ours = message.transaction === transaction || (message.janus === 'error' && message.transaction === undefined);
      const acknowledged = message.janus === 'ack' && bytes.includes('"janus":"message"');
      if (ours && !acknowledged) {
        return message;
      }
    }
  }

  async attach(plugin) {
    const { data } = await this.ask({ janus: 'attach', session_id: this.session_id, plugin });
    return data.id;
  }

  message(handle_id, body, jsep) {
    return this.ask({ janus: 'message', session_id: this.session_id, handle_id, body, ...(jsep && { jsep }) });
  }

  async close() {
    await this.#socket.close();
  }
}

/** How a handle comes to a role: `[plugin role]: (client, handle) => {}`. */
const intoRole = {
  'janus.plugin.videoroom publisher': async (client, handle) => {
    const { plugindata } = await client.message(handle, { request: 'join', ptype: 'publisher', room: 1234 });
    assert.equal(plugindata.data.videoroom, 'joined');
  },
  'janus.plugin.videoroom subscriber': async (client, handle) => {
    const answer = await client.message(handle, { request: 'join', ptype: 'subscriber', room: 1234, streams: [{ feed: known.feed }] });
    assert.equal(answer.jsep?.type, 'offer', JSON.stringify(answer));
  },
};

/** What fuzzing made or ended is undone: there is one room, in which somebody can be subscribed to. */
async function restoreRooms() {
  for (const plugin of ['janus.plugin.videoroom', 'janus.plugin.textroom']) {
    const ask = async (request) => (await admin('message_plugin', { plugin, request })).response;
    for (const { room } of (await ask({ request: 'list' })).list) {
      await ask({ request: 'destroy', room });
    }
    await ask({ request: 'create', room: 1234, publishers: 100, dummy_publisher: true });
    const { participants } = await ask({ request: 'listparticipants', room: 1234 });
    const dummy = participants.find((each) => each.dummy);
    Object.assign(known, dummy && { feed: dummy.id, id: dummy.id, publisher_id: dummy.id });
  }
}

/**
 * Sends the mutations of one operation. `ready()` gives what to send them with, `send(bytes, transaction)`, and is asked
 * again after an answer that was no error, because much may be different then. `wrap(body)` makes the message.
 */
async function fuzz(name, parameters, next, { ready, wrap, ids = [] }) {
  const { bodies, values, good } = mutations(parameters, known, next, each);
  let errors = 0;
  let target = await ready();
  const run = async (bytes, bad, form) => {
    const what = `${name} (${form}, seed ${seed}): ${bytes.toString('latin1').slice(0, 300)}`;
    const answer = await target.send(bytes, 'fuzz');
    sent += 1;
    if (answer.closed !== undefined) {
      assert.equal(answer.closed, 1007, `${what}: closed`); // RFC 6455 8.1: no UTF-8
      target = await ready();
      return;
    }
    const error = errorIn(answer, what);
    assert.ok(error || !bad, `${what} was taken: ${JSON.stringify(answer).slice(0, 500)}`);
    errors += error ? 1 : 0;
    if (!error) {
      target = await ready();
    }
  };
  for (const { body, bad } of bodies) {
    await run(Buffer.from(JSON.stringify({ transaction: 'fuzz', ...wrap(body, target) })), bad, 'members');
  }
  for (const { value, bad } of values) {
    await run(spliced({ transaction: 'fuzz', ...wrap({ ...good, hostile: 'HOSTILE' }, target) }, value), bad, 'text');
  }
  for (const id of ids) {
    for (const value of ['x', -1, 1.5, 2 ** 53, null, [], {}, true]) {
      await run(Buffer.from(JSON.stringify({ transaction: 'fuzz', ...wrap(good, target), [id]: value })), true, id);
    }
  }
  assert.ok(errors >= values.length - 2, `${name}: ${errors} errors`);
  await target.end();
}

/** By WebSocket: a connection with a session and a handle in its role. */
const connected = (plugin, role) => {
  let client;
  return async () => {
    await client?.close();
    client = await Client.connect();
    const { session_id } = client;
    const handle_id = await client.attach(plugin);
    await intoRole[`${plugin} ${role}`]?.(client, handle_id);
    return { session_id, handle_id, send: (bytes, transaction) => client.answer(bytes, transaction), end: () => client.close() };
  };
};

const idsOf = (place) => (place === 'server' ? [] : place === 'session' ? ['session_id'] : ['session_id', 'handle_id']);
const chosen = (target, ids) => Object.fromEntries(ids.map((id) => [id, target[id]]));

test('the server tells all its operations', () => {
  assert.equal(declared.janus, 'success');
  const count = (name) => declared.plugins.find(({ aliases }) => aliases.includes(name))?.operations.length ?? 0;
  const found = [declared.core.length, declared.admin.length, count('janus.plugin.videoroom'), count('janus.plugin.textroom'), count('janus.plugin.echotest')];
  [11, 36, 33, 9, 1].forEach((least, i) => assert.ok(found[i] >= least, `${found}`));
  for (const { aliases, operations } of declared.plugins) {
    for (const { role } of operations.filter((each) => each.role)) {
      assert.ok(intoRole[`${aliases[0]} ${role}`], `say in this test how a handle of ${aliases[0]} becomes a ${role}`);
    }
  }
});

test('every verb of the Janus API', { timeout }, async () => {
  for (const { name, place, parameters } of declared.core) {
    const ids = idsOf(place);
    await fuzz(`core ${name}`, parameters, random(seed), {
      ready: connected('janus.plugin.videoroom'),
      wrap: (body, target) => ({ janus: name, ...chosen(target, ids), ...body }),
      ids: ['session_id', ...ids.slice(1)],
    });
  }
  await assertHealthy(server);
});

test('every request of every plugin', { timeout }, async () => {
  for (const { aliases, operations } of declared.plugins) {
    const plugin = aliases[0];
    for (const { name, role, parameters } of operations) {
      await restoreRooms();
      await fuzz(`${plugin} ${role ?? ''} ${name}`, parameters, random(seed), {
        ready: connected(plugin, role),
        wrap: (body, target) => ({ janus: 'message', ...chosen(target, ['session_id', 'handle_id']), body: { request: name, ...body } }),
      });
    }
    await assertHealthy(server);
  }
});

test('every request of the Admin API, over HTTP', { timeout }, async () => {
  const post = async (bytes) => {
    const response = await fetch(`${server.adminUrl}/admin`, { method: 'POST', body: bytes });
    assert.ok(response.status < 500, `${response.status}`);
    return response.json();
  };
  for (const { name, place, parameters } of declared.admin) {
    const over = connected('janus.plugin.echotest');
    const ids = idsOf(place === 'server or session' ? 'server' : place);
    await fuzz(`admin ${name}`, parameters, random(seed), {
      ready: async () => {
        await admin('accept_new_sessions', { accept: true });
        await admin('set_session_timeout', { timeout: 60 });
        return { ...(await over()), send: post };
      },
      wrap: (body, target) => ({ janus: name, admin_secret: secret, ...chosen(target, ids), ...body }),
      // What needs no secret does not look at ids that make no address either.
      ids: ['session_id', ...ids.slice(1)],
    });
  }
  await admin('accept_new_sessions', { accept: true });
  await assertHealthy(server);
});

test('nothing stays behind, and memory has not grown without end', async (t) => {
  t.diagnostic(`${sent} messages`);
  for (const gauge of ['cardea_sessions', 'cardea_handles', 'cardea_media_peers', 'cardea_media_routes']) {
    await waitForMetric(server, gauge, (value) => value === 0, 10_000);
  }
  // AddressSanitizer holds back what was freed.
  const most = (isSanitized(server.pid) ? 512 : 64) * 1024 * 1024;
  assert.ok(growth() < most, `${growth()} bytes more at the peak`);
});
