// VideoRoom over the whole server: who gets whose media, and what everybody is told as people come, change and go.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { startServer } from '../support/server.mjs';
import { Crowds, Person, received, until } from '../support/videoroom_people.mjs';
import { answer, reaches } from '../support/wrtc_peer.mjs';

const secret = 'of the room';
const crowds = new Crowds(200);
let server;
let room;

before(async () => {
  server = await startServer();
});
afterEach(async () => {
  await crowds.leave();
});
after(async () => {
  await server?.stop();
});

async function crowd(count, options = {}) {
  const all = await crowds.meet(server.websocketUrl, count, { secret, publishers: 6, ...options });
  room = crowds.room;
  return all;
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 300));

async function stops(viewer, kind) {
  await until(`the end of ${kind}`, async () => {
    const before = await received(viewer.pc, kind);
    await pause();
    return (await received(viewer.pc, kind)).packets === before.packets;
  });
}

async function goesOn(viewer, kind) {
  const { packets } = await received(viewer.pc, kind);
  await until(`more ${kind}`, async () => (await received(viewer.pc, kind)).packets > packets + 3);
}

const onHandle = (viewer) => ({ handle: viewer.handle });

test('a moderator mutes one stream, and the others go on', async () => {
  const [ann, bob] = await crowd(2);
  await ann.publish(room);
  await bob.join(room);
  const viewer = await bob.watch(room, [{ feed: ann.id }]);
  await Promise.all([goesOn(viewer, 'audio'), goesOn(viewer, 'video')]);
  const moderate = (mute) =>
    bob.do({ request: 'moderate', room, secret, id: ann.id, mid: '0', mute });

  await moderate(true);
  for (const one of [ann, bob]) {
    assert.equal((await one.hear((data) => data.mid === '0')).moderation, 'muted');
  }
  await stops(viewer, 'audio');
  await goesOn(viewer, 'video');
  // What the publisher says of its stream does not lift it.
  await ann.do({ request: 'configure', audio: true });
  await stops(viewer, 'audio');
  const late = await Person.connect(server.websocketUrl);
  crowds.add(late);
  const [seen] = (await late.join(room)).publishers;
  assert.equal(seen.streams.find(({ mid }) => mid === '0').moderated, true);

  await moderate(false);
  await goesOn(viewer, 'audio');
});

test('pause holds all back, send: false one stream, and a publisher its own', async () => {
  const [ann, bob] = await crowd(2);
  await ann.publish(room);
  const viewer = await bob.watch(room, [{ feed: ann.id }]);
  await goesOn(viewer, 'video');

  await bob.do({ request: 'pause' }, onHandle(viewer));
  await Promise.all([stops(viewer, 'audio'), stops(viewer, 'video')]);
  await bob.do({ request: 'start' }, onHandle(viewer));
  await Promise.all([goesOn(viewer, 'audio'), goesOn(viewer, 'video')]);

  await bob.do({ request: 'configure', streams: [{ mid: '1', send: false }] }, onHandle(viewer));
  await stops(viewer, 'video');
  await goesOn(viewer, 'audio');
  await bob.do({ request: 'configure', streams: [{ mid: '1', send: true }] }, onHandle(viewer));
  await goesOn(viewer, 'video');

  await ann.do({ request: 'configure', streams: [{ mid: '0', send: false }] });
  await stops(viewer, 'audio');
  await ann.do({ request: 'configure', streams: [{ mid: '0', send: true }] });
  await goesOn(viewer, 'audio');
});

test('who unpublishes is offered away, and may publish again', async () => {
  const [ann, bob] = await crowd(2);
  await bob.join(room);
  await ann.publish(room);
  await bob.hear((data) => data.publishers?.[0]?.id === ann.id);
  const viewer = await bob.watch(room, [{ feed: ann.id }]);
  await goesOn(viewer, 'audio');

  const gone = await ann.do({ request: 'unpublish' });
  assert.equal(gone.unpublished, 'ok');
  await ann.told('hangup');
  await bob.hear((data) => data.unpublished === ann.id);
  const offered = await bob.hear((data) => data.videoroom === 'updated', viewer.handle);
  assert.deepEqual(
    offered.streams.map(({ active }) => active),
    [false, false],
  );
  await bob.start(viewer.pc, offered.jsep, viewer.handle);

  await ann.publish(undefined, ['audio']);
  await bob.hear((data) => data.publishers?.[0]?.id === ann.id);
  const again = await bob.do(
    { request: 'subscribe', streams: [{ feed: ann.id }] },
    onHandle(viewer),
  );
  assert.equal(again.streams.length, 2, 'the freed m-line is used again');
  await bob.start(viewer.pc, again.jsep, viewer.handle);
  await goesOn(viewer, 'audio');
});

test('a connection that is lost or hung up unpublishes', async () => {
  const [ann, bob] = await crowd(2);
  await bob.join(room);
  await ann.publish(room, ['audio']);
  await ann.janus.request({ janus: 'hangup', session_id: ann.session, handle_id: ann.handle });
  await bob.hear((data) => data.unpublished === ann.id);
  assert.ok(!bob.heard().some((data) => data.leaving), 'she is still in the room');
  await ann.publish(undefined, ['audio']);
  await bob.hear((data) => data.publishers?.[0]?.id === ann.id);

  await ann.janus.request({ janus: 'detach', session_id: ann.session, handle_id: ann.handle });
  await bob.hear((data) => data.unpublished === ann.id);
  await bob.hear((data) => data.leaving === ann.id);
});

test('the kicked is told, hung up, and may come back; the others hear of it', async () => {
  const [ann, bob] = await crowd(2);
  await bob.join(room);
  await ann.publish(room, ['audio']);
  const viewer = await bob.watch(room, [{ feed: ann.id }]);
  await goesOn(viewer, 'audio');
  await bob.do({ request: 'kick', room, secret, id: ann.id });
  const told = await ann.hear((data) => data.leaving === 'ok');
  assert.equal(told.reason, 'kicked');
  await ann.told('hangup');
  await bob.hear((data) => data.kicked === ann.id);
  await stops(viewer, 'audio');
  assert.equal((await ann.ask({ request: 'configure', audio: true })).error_code, 426);
  assert.equal((await ann.join(room)).videoroom, 'joined');
});

test('the end of a room is told to publishers and subscribers, and their connections end', async () => {
  const [ann, bob] = await crowd(2);
  await bob.join(room);
  await ann.publish(room, ['audio']);
  const viewer = await bob.watch(room, [{ feed: ann.id }]);
  await ann.do({ request: 'destroy', room, secret });
  await bob.hear((data) => data.videoroom === 'destroyed');
  await ann.hear((data) => data.videoroom === 'destroyed');
  await ann.told('hangup');
  await bob.told('hangup', viewer.handle);
  assert.equal((await bob.ask({ request: 'exists', room })).exists, false);
});

test('switch changes the source at once, without an offer', async () => {
  const [ann, bob, cem] = await crowd(3);
  await ann.publish(room);
  await bob.publish(room);
  const viewer = await cem.watch(room, [{ feed: ann.id }]);
  await goesOn(viewer, 'video');
  await cem.do(
    {
      request: 'switch',
      streams: ['0', '1'].map((mid) => ({ feed: bob.id, mid, sub_mid: mid })),
    },
    onHandle(viewer),
  );
  await ann.do({ request: 'leave' });
  await Promise.all([goesOn(viewer, 'audio'), goesOn(viewer, 'video')]);
  const { frames } = await received(viewer.pc, 'video');
  await until(
    'a new picture',
    async () => (await received(viewer.pc, 'video')).frames > frames + 3,
  );
  assert.ok(!cem.heard(viewer.handle).some((data) => data.videoroom === 'updated'));
});

test('a dummy holds the place of a publisher that comes later', async () => {
  const [ann, bob] = await crowd(2, { dummy_publisher: true });
  const { publishers } = await bob.join(room);
  assert.equal(publishers[0].dummy, true);
  const viewer = await bob.watch(room, [{ feed: publishers[0].id }]);
  assert.deepEqual(
    viewer.attached.streams.map(({ type }) => type),
    ['audio', 'video'],
  );
  await ann.publish(room);
  const switched = await bob.do(
    {
      request: 'switch',
      streams: ['0', '1'].map((mid) => ({ feed: ann.id, mid, sub_mid: mid })),
    },
    onHandle(viewer),
  );
  assert.equal(switched.changes, 2);
  await Promise.all([viewer.flows('0'), viewer.flows('1')]);
});

test('the old form subscribes to one feed, and to what of it is wanted', async () => {
  const [ann, bob] = await crowd(2);
  await ann.publish(room);
  const viewer = await bob.watch(room, undefined, { feed: ann.id, offer_video: false });
  assert.deepEqual(
    viewer.attached.streams.map(({ type }) => type),
    ['audio'],
  );
  assert.equal(viewer.attached.id, ann.id);
  await viewer.flows('0');
});

test('with use_msid the tracks name their publisher', async () => {
  const [ann, bob] = await crowd(2);
  await ann.publish(room, ['audio']);
  const viewer = await bob.watch(room, [{ feed: ann.id }], { use_msid: true });
  assert.match(viewer.attached.jsep.sdp, new RegExp(`a=msid:\\S*${ann.id}\\b`));
});

test('what a publisher adds, holds back and sends again by renegotiation is told, and flows', async () => {
  const [ann, bob] = await crowd(2);
  await bob.join(room);
  const pc = await ann.publish(room, ['audio']);
  await bob.hear((data) => data.publishers);
  const viewer = await bob.watch(room, [{ feed: ann.id }]);
  const video = ann.send(pc, 'video');
  await ann.offer(pc, { request: 'configure' });
  const { publishers } = await bob.hear((data) => data.publishers);
  assert.deepEqual(
    publishers[0].streams.map(({ type }) => type),
    ['audio', 'video'],
  );
  const more = await bob.do(
    { request: 'subscribe', streams: [{ feed: ann.id, mid: '1' }] },
    onHandle(viewer),
  );
  await bob.start(viewer.pc, more.jsep, viewer.handle);
  await goesOn(viewer, 'video');

  video.direction = 'inactive';
  await ann.offer(pc, { request: 'configure' });
  const told = await bob.hear((data) => data.publishers);
  assert.equal(told.publishers[0].streams[1].disabled, true);
  await stops(viewer, 'video');
  await goesOn(viewer, 'audio');
  video.direction = 'sendonly';
  await ann.offer(pc, { request: 'configure' });
  await goesOn(viewer, 'video');
  assert.deepEqual(bob.heard(viewer.handle), [], 'nothing had to be offered');
});

test('without autoupdate nothing is offered when a source goes', async () => {
  const [ann, bob] = await crowd(2);
  await bob.join(room);
  await ann.publish(room, ['audio']);
  const viewer = await bob.watch(room, [{ feed: ann.id }], { autoupdate: false });
  await ann.do({ request: 'leave' });
  await bob.hear((data) => data.leaving === ann.id);
  await pause();
  assert.deepEqual(bob.heard(viewer.handle), []);
});

test('changes that come while an offer is unanswered wait, and are offered together', async () => {
  const [ann, bob, cem] = await crowd(3);
  await ann.publish(room, ['audio']);
  await bob.publish(room, ['audio']);
  const viewer = await cem.watch(room, [{ feed: ann.id }]);
  const first = await cem.do(
    { request: 'subscribe', streams: [{ feed: bob.id }] },
    onHandle(viewer),
  );
  const second = await cem.do(
    { request: 'subscribe', streams: [{ feed: ann.id }] },
    onHandle(viewer),
  );
  assert.equal(second.videoroom, 'updating');
  await ann.do({ request: 'unpublish' });
  await cem.start(viewer.pc, first.jsep, viewer.handle);
  const offered = await cem.hear((data) => data.videoroom === 'updated', viewer.handle);
  assert.deepEqual(
    offered.streams.map(({ active }) => active),
    [false, true, false],
  );
  await cem.start(viewer.pc, offered.jsep, viewer.handle);
  await goesOn(viewer, 'audio');
});

test('an ICE restart that the subscriber asks for keeps media going', async () => {
  const [ann, bob] = await crowd(2);
  await ann.publish(room, ['audio']);
  const viewer = await bob.watch(room, [{ feed: ann.id }]);
  const ufrag = (sdp) => sdp.match(/a=ice-ufrag:(\S+)/)[1];
  const offered = await bob.do({ request: 'configure', restart: true }, onHandle(viewer));
  assert.notEqual(ufrag(offered.jsep.sdp), ufrag(viewer.attached.jsep.sdp));
  await bob.start(viewer.pc, offered.jsep, viewer.handle);
  await goesOn(viewer, 'audio');
});

test('messages of data channels go to every subscriber of their sender, under their label', async () => {
  const [ann, bob, cem] = await crowd(3);
  const pc = ann.connection();
  const channel = pc.createDataChannel('notes');
  await ann.offer(pc, { request: 'joinandconfigure', ptype: 'publisher', room, id: 5 });
  await ann.told('webrtcup');
  if (channel.readyState !== 'open') {
    await new Promise((resolve) => channel.addEventListener('open', resolve, { once: true }));
  }
  const heard = [];
  for (const one of [bob, cem]) {
    const handle = await one.attach();
    const attached = await one.do(
      { request: 'join', ptype: 'subscriber', room, streams: [{ feed: 5 }] },
      { handle },
    );
    assert.deepEqual(
      attached.streams.map(({ type }) => type),
      ['data'],
    );
    const viewer = one.connection();
    viewer.ondatachannel = ({ channel: opened }) => {
      opened.onmessage = ({ data }) =>
        heard.push([one === bob ? 'bob' : 'cem', opened.label, data]);
    };
    await one.do({ request: 'start' }, { handle, jsep: await answer(viewer, attached.jsep) });
    await reaches(viewer, 'connectionState', 'connected');
  }
  await until('a message at both', () => {
    channel.send('hello');
    return new Set(heard.map(([who]) => who)).size === 2;
  });
  assert.ok(heard.every(([, label, data]) => label === 'notes' && data === 'hello'));
});

test('talking is told to the room as it begins and ends', async () => {
  const [ann, bob] = await crowd(2, {
    audiolevel_event: true,
    audio_active_packets: 10,
    audio_level_average: 60,
  });
  await bob.join(room);
  const pc = await ann.publish(room, ['audio']);
  const begun = await bob.hear((data) => data.videoroom === 'talking');
  assert.deepEqual([begun.id, begun.room], [ann.id, room]);
  assert.ok(begun['audio-level-dBov-avg'] < 60);
  const { participants } = await bob.do({ request: 'listparticipants', room });
  assert.equal(participants.find(({ id }) => id === ann.id).talking, true);
  pc.getTransceivers()[0].sender.track.enabled = false;
  const ended = await bob.hear((data) => data.videoroom === 'stopped-talking');
  assert.equal(ended.id, ann.id);
});

test('a cap of the bit rate holds for the sender, and the cap of the room for it all', async () => {
  const [ann] = await crowd(1, { bitrate: 128_000, bitrate_cap: true });
  const pc = await ann.publish(room, [{ width: 640, height: 480 }]);
  const allowed = async () => {
    const pairs = [...(await pc.getStats()).values()].filter(
      ({ type }) => type === 'candidate-pair',
    );
    return Math.max(0, ...pairs.map((one) => one.availableOutgoingBitrate ?? 0));
  };
  const heldTo = (most) =>
    until(`a cap of ${most}`, async () => {
      const now = await allowed();
      return now > 0 && now <= most;
    });
  await heldTo(128_000);
  await ann.do({ request: 'configure', bitrate: 64_000 });
  await heldTo(64_000);
  await ann.do({ request: 'configure', bitrate: 2_000_000 });
  await until('more than before', async () => (await allowed()) > 64_000);
  await heldTo(128_000);
});
