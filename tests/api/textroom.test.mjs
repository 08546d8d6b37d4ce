// TextRoom on the real server: members write over data channels; rooms that are permanent outlive a restart.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { JanusClient } from '../support/janus_client.mjs';
import { temporaryFolder } from '../support/process.mjs';
import { startServer } from '../support/server.mjs';
import { RTCPeerConnection, answer } from '../support/wrtc_peer.mjs';

const plugin = 'janus.plugin.textroom';
let server;
before(async () => {
  server = await startServer();
});
after(async () => {
  await server?.stop();
});

/** A client whose data channel is open: `ask(request, body)`, `next(kind)`, `api(body)`, `close()`. */
async function person(url) {
  const janus = await JanusClient.connect(url);
  const session = await janus.createSession();
  const handle = await janus.attach(session, plugin);
  const api = async (body, jsep) =>
    (await janus.message(session, handle, body, jsep)).plugindata.data;
  const offered = await janus.message(session, handle, { request: 'setup' });
  const pc = new RTCPeerConnection();
  const channel = pc.createDataChannel('JanusDataChannel');
  const heard = [];
  const waiting = new Set();
  channel.onmessage = ({ data }) => {
    heard.push(JSON.parse(data));
    waiting.forEach((look) => look());
  };
  const open = new Promise((resolve) => (channel.onopen = resolve));
  await api({ request: 'ack' }, await answer(pc, offered.jsep));
  await open;
  const next = (fits, timeoutMs = 20_000) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`not heard; but ${JSON.stringify(heard)}`)),
        timeoutMs,
      );
      const look = () => {
        const index = heard.findIndex(fits);
        if (index >= 0) {
          clearTimeout(timer);
          waiting.delete(look);
          resolve(heard.splice(index, 1)[0]);
        }
      };
      waiting.add(look);
      look();
    });
  let count = 0;
  return {
    api,
    next: (kind) => next((each) => each.textroom === kind && !each.transaction),
    send: (text) => channel.send(text),
    ask(textroom, body) {
      const transaction = `t${(count += 1)}`;
      channel.send(JSON.stringify({ textroom, transaction, ...body }));
      return next((each) => each.transaction === transaction);
    },
    async close() {
      pc.close();
      await janus.close();
    },
  };
}

test('members of a room write to all and to each other, and see who comes and goes', async () => {
  const [alice, bob] = await Promise.all([
    person(server.websocketUrl),
    person(server.websocketUrl),
  ]);
  const room = 1234;
  assert.deepEqual(
    (await alice.ask('join', { room, username: 'alice', display: 'A.' })).participants,
    [],
  );
  assert.deepEqual((await bob.ask('join', { room, username: 'bob' })).participants, [
    { username: 'alice', display: 'A.' },
  ]);
  await alice.next('join');
  assert.equal((await alice.next('join')).username, 'bob');

  const long = 'ä'.repeat(8000);
  assert.equal((await alice.ask('message', { room, text: long })).textroom, 'success');
  const got = await bob.next('message');
  assert.equal(got.text, long);
  assert.equal(got.from, 'alice');
  assert.match(got.date, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4}$/);

  const whispered = await bob.ask('message', { room, text: 'psst', to: 'alice' });
  assert.deepEqual(whispered.sent, { alice: true });
  const own = await alice.next('message');
  assert.equal(own.text, long);
  const whisper = await alice.next('message');
  assert.equal(whisper.text, 'psst');
  assert.equal(whisper.whisper, true);

  assert.equal((await alice.ask('message', { room, text: 'x'.repeat(20_000) })).error_code, 414);
  alice.send('no JSON');
  assert.equal((await alice.ask('nonsense', {})).error_code, 415);
  const list = await alice.api({ request: 'listparticipants', room });
  assert.equal(list.textroom, 'success');
  assert.equal(list.participants.length, 2);

  await alice.api({ request: 'announcement', room, text: 'news' });
  assert.equal((await bob.next('announcement')).text, 'news');
  await bob.close();
  assert.equal((await alice.next('leave')).username, 'bob');
  await alice.close();
});

test('a room that is made over the channel has a history, and its end is told', async () => {
  const [alice, bob] = await Promise.all([
    person(server.websocketUrl),
    person(server.websocketUrl),
  ]);
  const { room } = await alice.ask('create', { history: 1, secret: 's' });
  await alice.ask('join', { room, username: 'alice' });
  await alice.ask('message', { room, text: 'first' });
  await alice.ask('message', { room, text: 'second' });
  await bob.ask('join', { room, username: 'bob' });
  assert.equal((await bob.next('message')).text, 'second');
  assert.equal((await bob.ask('kick', { room, username: 'alice' })).error_code, 413);
  assert.equal(
    (await bob.ask('kick', { room, username: 'alice', secret: 's' })).textroom,
    'success',
  );
  assert.equal((await alice.next('kicked')).username, 'alice');
  assert.equal((await bob.ask('destroy', { room, secret: 's' })).textroom, 'success');
  assert.equal((await bob.next('destroyed')).room, room);
  await Promise.all([alice.close(), bob.close()]);
});

test('permanent rooms outlive a restart, others do not', async () => {
  const folder = await temporaryFolder('textroom');
  const run = async (use) => {
    const own = await startServer({ args: ['--data', folder.path] });
    const janus = await JanusClient.connect(own.websocketUrl);
    const session = await janus.createSession();
    const handle = await janus.attach(session, plugin);
    try {
      await use(async (body) => (await janus.message(session, handle, body)).plugindata.data);
    } finally {
      await janus.close();
      await own.stop();
    }
  };
  const exists = async (ask, room) => (await ask({ request: 'exists', room })).exists;
  await run(async (ask) => {
    const made = await ask({ request: 'create', room: 7, pin: 'p', permanent: true });
    assert.deepEqual(made, { textroom: 'created', room: 7, permanent: true });
    await ask({ request: 'create', room: 8 });
    const gone = await ask({ request: 'destroy', room: 1234, permanent: true });
    assert.equal(gone.permanent, true);
  });
  await run(async (ask) => {
    assert.deepEqual(
      [await exists(ask, 7), await exists(ask, 8), await exists(ask, 1234)],
      [true, false, false],
    );
    const { list } = await ask({ request: 'list' });
    assert.equal(list[0].pin_required, true);
  });
  await folder.remove();
});
