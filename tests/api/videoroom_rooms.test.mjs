// VideoRoom over the whole server: who may enter and subscribe, who is told of it, ids as texts, and rooms that come back.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, afterEach, test } from 'node:test';
import { temporaryFolder } from '../support/process.mjs';
import { startServer } from '../support/server.mjs';
import { Person } from '../support/videoroom_people.mjs';

const people = [];
const servers = [];
const secret = 'of the room';

async function serve(options) {
  servers.push(await startServer(options));
  return servers.at(-1);
}

async function enter(server, members) {
  people.push(await Person.connect(server.websocketUrl, members));
  return people.at(-1);
}

async function leaveAll() {
  await Promise.all(people.splice(0).map((one) => one.close()));
  await Promise.all(servers.splice(0).map((one) => one.stop()));
}

afterEach(leaveAll);
after(leaveAll);

test('permanent rooms come back as they were last, and others do not', async () => {
  const data = await temporaryFolder('rooms');
  try {
    let server = await serve({ folder: data.path });
    let ann = await enter(server);
    const made = await ann.do({
      request: 'create',
      room: 1,
      secret,
      pin: 'p',
      permanent: true,
      publishers: 5,
      description: 'Stays',
      allowed: ['t'],
      videocodec: 'vp9,h264',
      notify_joining: true,
    });
    assert.equal(made.permanent, true);
    await ann.do({ request: 'create', room: 2, permanent: true });
    await ann.do({ request: 'create', room: 3 });
    await ann.do({ request: 'create', room: 4, permanent: true });
    await ann.do({ request: 'edit', room: 1, secret, new_description: 'Stayed', permanent: true });
    await ann.do({ request: 'edit', room: 2, new_description: 'only until the end' });
    await ann.do({ request: 'destroy', room: 4, permanent: true });
    await leaveAll();

    server = await serve({ folder: data.path });
    ann = await enter(server);
    const { list } = await ann.do({ request: 'list' });
    assert.deepEqual(
      list.map(({ room }) => room).sort((a, b) => a - b),
      [1, 2, 1234],
    );
    const back = list.find(({ room }) => room === 1);
    assert.deepEqual(
      [back.description, back.max_publishers, back.videocodec, back.pin_required],
      ['Stayed', 5, 'vp9,h264', true],
    );
    assert.equal(list.find(({ room }) => room === 2).description, 'Room 2');
    const join = (members) => ann.ask({ request: 'join', ptype: 'publisher', room: 1, ...members });
    assert.equal((await join({ pin: 'p' })).error_code, 433);
    assert.equal((await join({ pin: 'p', token: 't' })).videoroom, 'joined');
    assert.equal((await ann.ask({ request: 'destroy', room: 1 })).error_code, 429);
  } finally {
    await leaveAll();
    await data.remove();
  }
});

test('with string_ids rooms and people have texts as ids, and media flows', async () => {
  const server = await serve({ env: { CARDEA_GENERAL_STRING_IDS: 'yes' } });
  const [ann, bob] = [await enter(server), await enter(server)];
  const made = await ann.do({ request: 'create', secret });
  assert.equal(typeof made.room, 'string');
  const room = 'a room with a name';
  await ann.do({ request: 'create', room, secret });
  assert.equal((await ann.ask({ request: 'exists', room: 5 })).error_code, 430);
  await bob.join(room, { id: 'bob' });
  await ann.publish(room, ['audio'], { id: 'ann' });
  const { publishers } = await bob.hear((data) => data.publishers);
  assert.equal(publishers[0].id, 'ann');
  const viewer = await bob.watch(room, [{ feed: 'ann' }], { use_msid: true });
  assert.equal(viewer.attached.streams[0].feed_id, 'ann');
  await viewer.flows('0');
  await ann.do({ request: 'kick', room, secret, id: 'ann' });
  await bob.hear((data) => data.kicked === 'ann');
});

test('signed tokens open one room, and one id in it where they say so', async () => {
  const key = 'between the servers';
  const sign = (...words) => {
    const text = [Math.floor(Date.now() / 1000) + 600, ...words].join(',');
    return `${text}:${createHmac('sha1', key).update(text).digest('base64')}`;
  };
  const plugin = 'janus.plugin.videoroom';
  const server = await serve({ env: { CARDEA_API_TOKEN_AUTH_SECRET: key } });
  const ann = await enter(server, { token: sign('janus', plugin) });
  await ann.do({ request: 'create', room: 1, signed_tokens: true });
  const join = async (token) => {
    const one = await enter(server, { token: sign('janus', plugin) });
    return one.ask({ request: 'join', ptype: 'publisher', room: 1, token });
  };
  assert.equal((await join(undefined)).error_code, 433);
  assert.equal((await join(sign(plugin, 'room=2'))).error_code, 433);
  assert.equal((await join(sign('janus', 'room=1'))).error_code, 433);
  assert.equal((await join(sign(plugin, 'room=1'))).videoroom, 'joined');
});

test('who is on the list of tokens may join, as long as it is checked', async () => {
  const server = await serve();
  const [ann, bob] = [await enter(server), await enter(server)];
  await ann.do({ request: 'create', room: 1, secret, allowed: ['a'] });
  const allowed = (action, tokens) =>
    ann.do({ request: 'allowed', room: 1, secret, action, ...(tokens && { allowed: tokens }) });
  const join = (token) => bob.ask({ request: 'join', ptype: 'publisher', room: 1, token });
  assert.equal((await join('b')).error_code, 433);
  assert.deepEqual((await allowed('add', ['b'])).allowed.sort(), ['a', 'b']);
  assert.equal((await join('b')).videoroom, 'joined');
  await bob.do({ request: 'leave' });
  await allowed('remove', ['b']);
  assert.equal((await join('b')).error_code, 433);
  await allowed('disable');
  assert.equal((await join('b')).videoroom, 'joined');
});

test('with require_pvtid only participants subscribe', async () => {
  const server = await serve();
  const [ann, bob] = [await enter(server), await enter(server)];
  await ann.do({ request: 'create', room: 1, require_pvtid: true });
  await ann.publish(1, ['audio']);
  const { private_id: own } = await bob.join(1);
  const handle = await bob.attach();
  const join = (members) =>
    bob.ask(
      { request: 'join', ptype: 'subscriber', room: 1, streams: [{ feed: ann.id }], ...members },
      { handle },
    );
  assert.equal((await join({})).error_code, 433);
  assert.equal((await join({ private_id: own + 1 })).error_code, 433);
  const viewer = await bob.watch(1, [{ feed: ann.id }], { private_id: own });
  await viewer.flows('0');
  await bob.do({ request: 'leave' });
  assert.equal((await join({ private_id: own })).error_code, 433);
});

test('with notify_joining everybody hears of everybody', async () => {
  const server = await serve();
  const [ann, bob] = [await enter(server), await enter(server)];
  await ann.do({ request: 'create', room: 1, notify_joining: true });
  const first = await ann.join(1, { display: 'Ann' });
  assert.deepEqual(first.attendees, []);
  const second = await bob.join(1, { display: 'Bob' });
  assert.deepEqual(second.attendees, [{ id: first.id, display: 'Ann' }]);
  const { joining } = await ann.hear((data) => data.joining);
  assert.deepEqual(joining, { id: second.id, display: 'Bob' });
  await bob.do({ request: 'leave' });
  await ann.hear((data) => data.leaving === second.id);
});

test('with require_e2ee publishers must say that they encrypt', async () => {
  const server = await serve();
  const [ann, bob] = [await enter(server), await enter(server)];
  await ann.do({ request: 'create', room: 1, require_e2ee: true });
  const publish = async (e2ee) => {
    const pc = ann.connection();
    ann.send(pc, 'audio');
    await pc.setLocalDescription(await pc.createOffer());
    const jsep = { type: 'offer', sdp: pc.localDescription.sdp, ...(e2ee && { e2ee: true }) };
    const data = await ann.ask(
      { request: 'joinandconfigure', ptype: 'publisher', room: 1, id: 5 },
      { jsep },
    );
    if (data.jsep) {
      assert.equal(data.jsep.e2ee, true);
      await pc.setRemoteDescription(data.jsep);
      await ann.told('webrtcup');
    }
    return data;
  };
  assert.ok((await publish(false)).error_code);
  assert.equal((await publish(true)).videoroom, 'joined');
  const viewer = await bob.watch(1, [{ feed: 5 }]);
  assert.equal(viewer.attached.jsep.e2ee, true);
});
