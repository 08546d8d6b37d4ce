// Peer-to-peer signalling: who may, what is relayed, what is answered, and that nothing of it stays.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import WebSocket from 'ws';
import { ask, quick } from '../support/accounts.mjs';
import { startPostgres, startRedis, until } from '../support/stores.mjs';
import { startServer } from '../support/server.mjs';

let server;
const people = {};
before(async () => {
  server = await startServer({ env: quick });
  for (const username of ['alice', 'bob', 'carol']) {
    const made = await ask(server, 'POST', '/auth/register', {
      body: { username, password: 'correct horse battery' },
    });
    people[username] = { token: made.body.access_token, node: made.body.user.node_id };
  }
});
after(() => server.stop());

/** A socket: `next()` its next message, `closed` its code and reason. */
function connect(query = '', { path = '/ws/signal', at = server } = {}) {
  const socket = new WebSocket(`${at.httpUrl.replace('http', 'ws')}${path}${query}`);
  const heard = [];
  const waiting = [];
  socket.on('message', (data) => {
    const message = JSON.parse(data);
    (waiting.length ? waiting.shift() : (each) => heard.push(each))(message);
  });
  const closed = new Promise((resolve) =>
    socket.on('close', (code, reason) => resolve([code, String(reason)])),
  );
  const next = () =>
    heard.length ? Promise.resolve(heard.shift()) : new Promise((resolve) => waiting.push(resolve));
  const say = (message) =>
    socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  return new Promise((resolve, reject) => {
    socket.on('open', () => resolve({ socket, next, say, closed }));
    socket.on('error', reject);
  });
}
async function signedIn(name, options) {
  const one = await connect(`?token=${people[name].token}`, options);
  const answer = await one.next();
  assert.equal(answer.type, 'auth_ok');
  assert.equal(answer.node_id, people[name].node);
  return one;
}

test('SIG-01 a token in the query or in the first message; others are closed with 1008', async () => {
  const alice = await signedIn('alice', { path: '/api/v1/ws/signal' });
  const bob = await connect();
  bob.say({ type: 'auth', token: people.bob.token });
  assert.equal((await bob.next()).node_id, people.bob.node);
  const wrong = await connect('?token=nonsense');
  assert.deepEqual(await wrong.closed, [1008, 'Invalid token']);
  const hasty = await connect();
  hasty.say({ type: 'signal', target_node_id: people.alice.node });
  assert.equal((await hasty.closed)[0], 1008);
  const silent = await connect();
  assert.deepEqual(await silent.closed, [1008, 'Authentication timeout']);
  alice.socket.close();
  bob.socket.close();
});

test('SIG-02 a signal arrives as it was sent, with the sender that the server knows', async () => {
  const [alice, bob] = [await signedIn('alice'), await signedIn('bob')];
  const signal = {
    type: 'signal',
    target_node_id: people.bob.node,
    payload: { sdp: 'v=0', nested: [1, { a: null }] },
  };
  alice.say({ ...signal, sender_node_id: 'somebody else' });
  assert.deepEqual(await bob.next(), { ...signal, sender_node_id: people.alice.node });
  alice.socket.close();
  bob.socket.close();
});

test('SIG-03 what goes wrong is answered by code, and the socket stays open', async () => {
  const alice = await signedIn('alice');
  for (const [message, code] of [
    [{ type: 'signal', payload: {} }, 'missing_target'],
    [{ type: 'signal', target_node_id: people.carol.node }, 'target_offline'],
    [{ type: 'signal', target_node_id: 'x'.repeat(1000) }, 'target_offline'],
    [{ type: 'dance' }, 'unknown_message_type'],
    ['{', 'invalid_json'],
    ['[]', 'invalid_json'],
    [
      { type: 'signal', target_node_id: people.alice.node, payload: 'x'.repeat(66_000) },
      'too_large',
    ],
  ]) {
    alice.say(message);
    const answer = await alice.next();
    assert.deepEqual([answer.type, answer.code], ['error', code]);
  }
  alice.say({ type: 'ping', timestamp: 123 });
  assert.deepEqual(await alice.next(), { type: 'pong', timestamp: 123 });
  for (let i = 0; i < 150; ++i) {
    alice.say({ type: 'ping' });
  }
  await until('some are refused', async () => (await alice.next()).code === 'rate_limited');
  alice.socket.close();
});

test('SIG-04 a second socket replaces the first, and the first one does not take it away', async () => {
  const [first, bob] = [await signedIn('alice'), await signedIn('bob')];
  const second = await signedIn('alice');
  assert.deepEqual(await first.closed, [1000, 'New connection established']);
  bob.say({ type: 'signal', target_node_id: people.alice.node, payload: 1 });
  assert.equal((await second.next()).payload, 1);
  second.socket.close();
  bob.socket.close();
});

test('PRE-03 SIG-02 the log names neither payload nor both sides', async () => {
  const [alice, bob] = [await signedIn('alice'), await signedIn('bob')];
  alice.say({ type: 'signal', target_node_id: people.bob.node, payload: 'a secret of two' });
  await bob.next();
  for (const word of ['a secret of two', people.alice.node, people.bob.node]) {
    assert.ok(!server.log().includes(word), word);
  }
  alice.socket.close();
  bob.socket.close();
});

test(
  'SIG-05 people of two servers reach each other, and a login at one replaces that at the other',
  { timeout: 120_000 },
  async () => {
    const [postgres, redis] = [await startPostgres(), await startRedis()];
    const servers = [];
    try {
      const env = { ...quick, CARDEA_DATABASE_URL: postgres.database(), CARDEA_BUS_URL: redis.url };
      servers.push(await startServer({ env }), await startServer({ env }));
      for (const username of ['alice', 'bob']) {
        const made = await ask(servers[0], 'POST', '/auth/register', {
          body: { username, password: 'correct horse battery' },
        });
        people[username] = { token: made.body.access_token, node: made.body.user.node_id };
      }
      const alice = await signedIn('alice', { at: servers[0] });
      const bob = await signedIn('bob', { at: servers[1] });
      // The place of a newcomer is known to the others a moment later.
      let arrived;
      bob.next().then((message) => (arrived = message));
      await until('a signal arrives', async () => {
        alice.say({ type: 'signal', target_node_id: people.bob.node, payload: 'over there' });
        return arrived;
      });
      assert.equal(arrived.sender_node_id, people.alice.node);
      const moved = await signedIn('alice', { at: servers[1] });
      assert.equal((await alice.closed)[0], 1000);
      moved.socket.close();
      bob.socket.close();
    } finally {
      await Promise.all(servers.map((each) => each.stop()));
      await redis.end();
      await postgres.end();
    }
  },
);
