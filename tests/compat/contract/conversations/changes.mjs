// VideoRoom with real connections that change: publishers renegotiate, and subscribers follow, switch, and ask for more
// while an offer is open.
import { follow, watch } from '../support/viewers.mjs';

export const name = 'videoroom with changing streams';
export const needsMedia = true;

const kRoom = 950;
const kSettled = 600;

const heldBack = ({ type, sdp }) => {
  const at = sdp.indexOf('m=video');
  return { type, sdp: sdp.slice(0, at) + sdp.slice(at).replace('a=sendonly', 'a=inactive') };
};

async function publisherChanges(t, { all, alice, dave, erin, fred }, connections) {
  const { alicePeer, davePeer, erinPeer, fredPeer } = connections;
  const followAll = async (label) => {
    await follow(t, dave, davePeer, `${label}: dave follows`);
    await follow(t, erin, erinPeer, `${label}: erin follows`);
    await follow(t, fred, fredPeer, `${label}: fred follows`);
    await t.heard(`${label}, followed`, all);
  };
  const renegotiate = async (label, jsep, members = {}) => {
    const { jsep: answer } = await alice.message(label, { request: 'configure', ...members }, jsep);
    await alicePeer.accept(answer);
    await t.heard(label, all, kSettled);
    await followAll(label);
  };
  await renegotiate('alice adds video', await alicePeer.offer(['video']), {
    descriptions: [{ mid: '1', description: 'camera' }],
  });
  const { jsep } = await dave.message('dave subscribes to the video', {
    request: 'subscribe',
    streams: [{ feed: 51, mid: '1' }],
  });
  await dave.message('dave has the video', { request: 'start' }, await davePeer.answer(jsep));
  await renegotiate('alice holds the video back', heldBack(await alicePeer.offer([])));
  await renegotiate('alice has the video again', await alicePeer.offer([]));
  await renegotiate('alice offers the same again', await alicePeer.offer([]));
  await renegotiate('alice restarts ICE', await alicePeer.restart());
  await alice.message('alice describes the video', {
    request: 'configure',
    descriptions: [{ mid: '1', description: 'screen' }],
  });
  await t.heard('the description', all);
}

async function subscriberChanges(t, { all, bob, dave }, { davePeer }) {
  const answer = async (label, jsep) =>
    dave.message(label, { request: 'start' }, await davePeer.answer(jsep));
  await dave.message('switch the audio to bob', {
    request: 'switch',
    streams: [{ feed: 52, mid: '0', sub_mid: '0' }],
  });
  let got = await dave.message('the same stream twice', {
    request: 'subscribe',
    streams: [
      { feed: 51, mid: '0' },
      { feed: 51, mid: '0' },
    ],
  });
  await dave.message('restart while an offer is open', { request: 'configure', restart: true });
  await dave.message('update while an offer is open', {
    request: 'update',
    subscribe: [{ feed: 52, mid: '1' }],
    unsubscribe: [{ sub_mid: '2' }],
  });
  await answer('answer the first offer', got.jsep);
  await t.heard('what waited', [dave], kSettled);
  await follow(t, dave, davePeer, 'answer what waited');
  await t.heard('what waited, answered', [dave], kSettled);
  await follow(t, dave, davePeer, 'answer what waited, again');
  got = await dave.message('unsubscribe from bob', {
    request: 'unsubscribe',
    streams: [{ feed: 52 }],
  });
  await answer('without bob', got.jsep);
  got = await dave.message('switch an inactive line to bob', {
    request: 'switch',
    streams: [{ feed: 52, mid: '0', sub_mid: '0' }],
  });
  await answer('answer for the switched line', got.jsep);
  await bob.message('bob leaves', { request: 'leave' });
  await t.heard('bob has left', all, kSettled);
  await follow(t, dave, davePeer, 'dave follows bob');
  await dave.message('subscribe to who has gone', {
    request: 'subscribe',
    streams: [{ feed: 52 }],
  });
  await dave.message('dave leaves', { request: 'leave' });
  await t.heard('dave has left', all, 2 * kSettled);
  await dave.message('dave, afterwards', { request: 'configure', send: false });
}

export async function script(t, { peers }) {
  const session = await t.session();
  const people = {};
  for (const who of ['maker', 'alice', 'bob', 'carol', 'dave', 'erin', 'fred']) {
    people[who] = await t.attach(session, 'janus.plugin.videoroom', who);
  }
  const { maker, alice, bob, carol, dave, erin, fred } = people;
  people.all = [alice, bob, carol, dave, erin, fred];
  await maker.message('create', {
    request: 'create',
    room: kRoom,
    publishers: 6,
    description: 'Nine hundred and fifty',
  });
  const enter = { request: 'joinandconfigure', ptype: 'publisher', room: kRoom };
  await carol.message('carol joins', { request: 'join', ptype: 'publisher', room: kRoom, id: 53 });
  const connections = { alicePeer: peers.peer(), bobPeer: peers.peer() };
  for (const [handle, peer, kinds, id] of [
    [alice, connections.alicePeer, ['audio'], 51],
    [bob, connections.bobPeer, ['audio', 'video'], 52],
  ]) {
    const offer = await peer.offer(kinds);
    const { jsep } = await handle.message(`${id} publishes`, { ...enter, id }, offer);
    await peer.accept(jsep);
    await peer.connected();
    await t.heard(`${id} has come`, people.all, kSettled);
  }
  connections.davePeer = await watch(dave, peers, 'dave watches', {
    room: kRoom,
    streams: [{ feed: 51 }],
  });
  connections.erinPeer = await watch(erin, peers, 'erin watches', {
    room: kRoom,
    streams: [{ feed: 51 }],
    autoupdate: false,
  });
  connections.fredPeer = await watch(fred, peers, 'fred watches the old way', {
    room: kRoom,
    feed: 51,
  });
  await t.heard('all watch', people.all, kSettled);
  await publisherChanges(t, people, connections);
  await subscriberChanges(t, people, connections);
  await maker.message('destroy', { request: 'destroy', room: kRoom });
  await Promise.all(Object.values(connections).map((peer) => peer.close()));
}
