// VideoRoom with real connections: who is told of a feed, subscriptions, renegotiation, and the ends.
export const name = 'videoroom with media';
export const needsMedia = true;

const kRoom = 800;

async function publish(t, handle, peers, label, body, kinds) {
  const peer = peers.peer();
  const answered = await handle.message(label, body, await peer.offer(kinds));
  await peer.accept(answered.jsep);
  await peer.connected();
  await t.quiet(600);
  return peer;
}

async function start(handle, peer, label, offer) {
  await handle.message(label, { request: 'start' }, await peer.answer(offer));
}

async function tuning(handle) {
  await handle.message('pause', { request: 'pause' });
  await handle.message('start again', { request: 'start' });
  await handle.message('configure one stream', {
    request: 'configure', streams: [{ mid: '1', send: false }],
  });
  await handle.message('configure one stream by mid', {
    request: 'configure', mid: '1', send: true, substream: 1, temporal: 1,
  });
  await handle.message('legacy video off', { request: 'configure', video: false });
  await handle.message('legacy video on', { request: 'configure', video: true });
  await handle.message('configure an unknown stream', {
    request: 'configure', streams: [{ mid: '9', send: false }],
  });
  await handle.message('configure: substream is text', {
    request: 'configure', streams: [{ mid: '1', substream: 'x' }],
  });
  await handle.message('publish as a subscriber', { request: 'publish' });
  await handle.message('join as a subscriber again', {
    request: 'join', ptype: 'subscriber', room: kRoom, streams: [{ feed: 31 }],
  });
  await handle.message('unknown request as a subscriber', { request: 'nonsense' });
}

async function changing(t, carol, peer) {
  let got = await carol.message('subscribe to more', {
    request: 'subscribe', streams: [{ feed: 32 }],
  });
  await start(carol, peer, 'start with more', got.jsep);
  got = await carol.message('unsubscribe one', {
    request: 'unsubscribe', streams: [{ sub_mid: '1' }],
  });
  await start(carol, peer, 'start with less', got.jsep);
  got = await carol.message('update both ways', {
    request: 'update', subscribe: [{ feed: 31, mid: '1' }], unsubscribe: [{ feed: 32, mid: '0' }],
  });
  await start(carol, peer, 'start after the update', got.jsep);
  await carol.message('update without lists', { request: 'update' });
  await carol.message('subscribe without streams', { request: 'subscribe' });
  await carol.message('subscribe to an unknown feed', {
    request: 'subscribe', streams: [{ feed: 99 }],
  });
  await carol.message('unsubscribe from an unknown feed', {
    request: 'unsubscribe', streams: [{ feed: 99 }],
  });
  await carol.message('unsubscribe without streams', { request: 'unsubscribe' });
  await carol.message('switch without streams', { request: 'switch' });
  await carol.message('switch to an unknown feed', {
    request: 'switch', streams: [{ feed: 99, mid: '0', sub_mid: '0' }],
  });
  await carol.message('switch the audio', {
    request: 'switch', streams: [{ feed: 32, mid: '0', sub_mid: '0' }],
  });
  got = await carol.message('restart', { request: 'configure', restart: true });
  if (got.jsep) {
    await start(carol, peer, 'start after the restart', got.jsep);
  }
}

/** Answers the offer that the server makes by itself when a feed goes away. */
async function followUpdate(t, carol, peer, label) {
  const pushed = await t.wire.until((all) =>
    all.find((m) => m.sender === carol.id && !m.transaction && m.jsep),
  );
  if (pushed) {
    await start(carol, peer, label, pushed.jsep);
  }
}

export async function script(t, { peers }) {
  const session = await t.session();
  const attach = (who) => t.attach(session, 'janus.plugin.videoroom', who);
  const [maker, alice, bob, carol, dave, erin] = [
    await attach('maker'), await attach('alice'), await attach('bob'), await attach('carol'),
    await attach('dave'), await attach('erin'),
  ];
  await maker.message('create', {
    request: 'create', room: kRoom, publishers: 2, description: 'Eight hundred', fir_freq: 5,
  });
  const alicePeer = await publish(t, alice, peers, 'alice joins and publishes', {
    request: 'joinandconfigure', ptype: 'publisher', room: kRoom, id: 31, display: 'alice',
  }, ['audio', 'video']);
  await alice.message('publish twice', { request: 'publish' }, await peers.peer().offer(['audio']));
  await bob.message('bob joins', {
    request: 'join', ptype: 'publisher', room: kRoom, id: 32, display: 'bob',
  });
  await maker.message('list with a publisher', { request: 'listparticipants', room: kRoom });
  const bobPeer = await publish(t, bob, peers, 'bob publishes', {
    request: 'publish', descriptions: [{ mid: '1', description: 'camera' }],
  }, ['audio', 'video']);
  await alice.message('configure in a call', {
    request: 'configure', keyframe: true, bitrate: 90000,
    streams: [{ mid: '1', send: true, keyframe: true }],
  });
  await erin.message('erin joins', { request: 'join', ptype: 'publisher', room: kRoom, id: 35 });
  await erin.message('publish in the full room', { request: 'publish' },
    await peers.peer().offer(['audio']));

  const carolPeer = peers.peer();
  let got = await carol.message('carol subscribes', {
    request: 'join', ptype: 'subscriber', room: kRoom, streams: [{ feed: 31 }],
  });
  await carol.message('start without an answer', { request: 'start' });
  await start(carol, carolPeer, 'start', got.jsep);
  await carolPeer.connected();
  await t.quiet(300);
  await tuning(carol);
  await changing(t, carol, carolPeer);

  const davePeer = peers.peer();
  got = await dave.message('dave subscribes the old way', {
    request: 'join', ptype: 'subscriber', room: kRoom, feed: 32, offer_audio: false,
  });
  await start(dave, davePeer, 'dave starts', got.jsep);
  await davePeer.connected();

  await bob.message('bob unpublishes', { request: 'unpublish' });
  await t.quiet(600);
  await followUpdate(t, carol, carolPeer, 'start after an unpublish');
  await t.quiet(300);
  await dave.message('dave leaves', { request: 'leave' });
  await t.quiet(400);
  await bobPeer.close();
  await maker.message('kick alice', { request: 'kick', room: kRoom, id: 31 });
  await t.quiet(600);
  await maker.message('destroy', { request: 'destroy', room: kRoom });
  await t.quiet(600);
  await alicePeer.close();
  await davePeer.close();
  await carolPeer.close();
}
