// Remote publishers over two whole servers: who publishes at one is seen at the other, as it changes and until it ends.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { startServer } from '../support/server.mjs';
import { Person, received, until } from '../support/videoroom_people.mjs';

const host = '127.0.0.1';
const secret = 'of both rooms';
const feed = 77;
const srtp = {
  srtp_suite: 80,
  srtp_crypto: Buffer.from(Array.from({ length: 30 }, (_, i) => i + 1)).toString('base64'),
};
const audio = { type: 'audio', mid: '0', mindex: 0, codec: 'opus' };
const video = { type: 'video', mid: '1', mindex: 1, codec: 'vp8' };

let near, far;
const people = [];
let room = 100;

async function person(server) {
  const one = await Person.connect(server.websocketUrl);
  people.push(one);
  return one;
}

before(async () => {
  [near, far] = [await startServer(), await startServer()];
});
afterEach(async () => {
  await Promise.all(people.splice(0).map((one) => one.close()));
});
after(async () => {
  await near?.stop();
  await far?.stop();
});

/** Ann publishes near, and is put into a room far away, where Bob is. */
async function bridge({ kinds = ['audio', 'video'], streams = [audio, video], keys = {} } = {}) {
  room += 1;
  const [ann, bob] = [await person(near), await person(far)];
  for (const one of [ann, bob]) {
    await one.do({ request: 'create', room, secret });
  }
  await bob.join(room);
  const pc = await ann.publish(room, kinds);
  const ear = await bob.do({
    request: 'add_remote_publisher',
    room,
    secret,
    id: feed,
    display: 'from near',
    iface: host,
    streams,
    ...keys,
  });
  await ann.do({
    request: 'publish_remotely',
    room,
    secret,
    publisher_id: ann.id,
    remote_id: 'far',
    host,
    port: ear.port,
    rtcp_port: ear.rtcp_port,
    ...keys,
  });
  return { ann, bob, pc, ear };
}

const update = (bob, streams) =>
  bob.do({ request: 'update_remote_publisher', room, secret, id: feed, streams });

test('a publisher of one server is heard and seen in a room of another, until it is removed', async () => {
  const { ann, bob, ear } = await bridge();
  assert.equal(ear.ip, host);
  const { publishers } = await bob.hear((data) => data.publishers);
  assert.deepEqual([publishers[0].id, publishers[0].display], [feed, 'from near']);
  assert.equal(publishers[0].streams.length, 2);

  // The picture needs a key frame: the request for it goes all the way back.
  const viewer = await bob.watch(room, [{ feed }]);
  await Promise.all([viewer.flows('0'), viewer.flows('1')]);

  const asked = { request: 'listremotes', room, secret, publisher_id: ann.id };
  const { list } = await ann.do(asked);
  assert.deepEqual(list, [{ remote_id: 'far', host, port: ear.port, rtcp_port: ear.rtcp_port }]);
  const { participants } = await bob.do({ request: 'listparticipants', room });
  assert.equal(participants.find(({ id }) => id === feed).remote, true);

  await ann.do({
    request: 'unpublish_remotely',
    room,
    secret,
    publisher_id: ann.id,
    remote_id: 'far',
  });
  assert.deepEqual((await ann.do(asked)).list, []);
  await until('the end of media', async () => {
    const before = await received(viewer.pc, 'audio');
    await new Promise((resolve) => setTimeout(resolve, 300));
    return (await received(viewer.pc, 'audio')).packets === before.packets;
  });

  await bob.do({ request: 'remove_remote_publisher', room, secret, id: feed });
  await bob.hear((data) => data.unpublished === feed);
  const offered = await bob.hear((data) => data.videoroom === 'updated', viewer.handle);
  assert.ok(offered.streams.every(({ active }) => active === false));
});

test('between the servers media can be encrypted', async () => {
  const { bob } = await bridge({ keys: srtp });
  const viewer = await bob.watch(room, [{ feed }]);
  await Promise.all([viewer.flows('0'), viewer.flows('1')]);
});

test('SRTP of another key is not taken', async () => {
  const other = { ...srtp, srtp_crypto: Buffer.alloc(30, 9).toString('base64') };
  const { ann, bob, ear } = await bridge({ keys: srtp });
  await ann.do({
    request: 'unpublish_remotely',
    room,
    secret,
    publisher_id: ann.id,
    remote_id: 'far',
  });
  await ann.do({
    request: 'publish_remotely',
    room,
    secret,
    publisher_id: ann.id,
    remote_id: 'wrong',
    host,
    port: ear.port,
    ...other,
  });
  const viewer = await bob.watch(room, [{ feed, mid: '0' }]);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  assert.equal((await received(viewer.pc, 'audio')).packets, 0);
});

test('a stream that is added later comes through the same port, and the others go on', async () => {
  const { ann, bob, pc } = await bridge({ kinds: ['audio'], streams: [audio] });
  const viewer = await bob.watch(room, [{ feed }]);
  await viewer.flows('0');

  ann.send(pc, 'video');
  await ann.offer(pc, { request: 'configure' });
  await bob.hear((data) => data.publishers);
  await update(bob, [video]);
  const { publishers } = await bob.hear((data) => data.publishers);
  assert.deepEqual(
    publishers[0].streams.map(({ mid }) => mid),
    ['0', '1'],
  );

  const more = await bob.do(
    { request: 'subscribe', streams: [{ feed, mid: '1' }] },
    { handle: viewer.handle },
  );
  await bob.start(viewer.pc, more.jsep, viewer.handle);
  await viewer.flows('1');
  const before = await received(viewer.pc, 'audio');
  await until(
    'audio goes on',
    async () => (await received(viewer.pc, 'audio')).packets > before.packets,
  );

  await update(bob, [{ ...video, disabled: true }]);
  const told = await bob.hear((data) => data.publishers);
  assert.deepEqual(
    told.publishers[0].streams.map(({ disabled }) => disabled),
    [undefined, true],
  );
});

test('simulcast layers go along, and the viewer far away chooses', async () => {
  const sendEncodings = [
    ['h', 1],
    ['m', 2],
    ['l', 4],
  ].map(([rid, by]) => ({
    rid,
    scaleResolutionDownBy: by,
  }));
  const { bob } = await bridge({
    kinds: [{ width: 960, height: 540, fps: 10, sendEncodings }],
    streams: [{ ...video, mid: '0', mindex: 0, simulcast: true }],
  });
  const viewer = await bob.watch(room, [{ feed, substream: 0 }]);
  await viewer.flows('0');
  const height = async () => (await received(viewer.pc, 'video')).height;
  await until('the lowest layer', async () => (await height()) === 135);
  await bob.do(
    { request: 'configure', streams: [{ mid: '0', substream: 1 }] },
    { handle: viewer.handle },
  );
  await until('the middle layer', async () => (await height()) === 270);
});

test('only a publisher of this server goes to another, and a name stands for one of them', async () => {
  const { ann, bob, ear } = await bridge({ kinds: ['audio'], streams: [audio] });
  const publish = {
    request: 'publish_remotely',
    room,
    secret,
    remote_id: 'far',
    host,
    port: ear.port,
  };
  assert.equal((await ann.ask({ ...publish, publisher_id: ann.id })).error_code, 436);
  assert.equal((await bob.ask({ ...publish, publisher_id: feed })).error_code, 430);
  assert.equal((await bob.ask({ ...publish, publisher_id: 5 })).error_code, 428);
  const gone = {
    request: 'unpublish_remotely',
    room,
    secret,
    publisher_id: ann.id,
    remote_id: 'x',
  };
  assert.equal((await ann.ask(gone)).error_code, 428);
  const taken = await bob.ask({
    request: 'add_remote_publisher',
    room,
    secret,
    streams: [audio],
    iface: host,
    port: ear.port,
  });
  assert.equal(taken.error_code, 499);
});
