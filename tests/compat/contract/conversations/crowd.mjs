// VideoRoom with several people and real connections: what each of them is told, in which order, as the others publish,
// change, unpublish, leave, hang up, are kicked, and when the room ends.
import { follow, watch } from '../support/viewers.mjs';

export const name = 'videoroom with several people';
export const needsMedia = true;

const kRoom = 900;
const kSettled = 700;

async function publish(handle, peers, label, body, kinds = ['audio', 'video']) {
  const peer = peers.peer();
  const { jsep } = await handle.message(label, body, await peer.offer(kinds));
  await peer.accept(jsep);
  await peer.connected();
  return peer;
}

async function comings(t, peers, { all, maker, alice, bob, carol, dave, erin }) {
  const join = { request: 'join', ptype: 'publisher', room: kRoom };
  await carol.message('carol joins to listen', { ...join, id: 43, display: 'carol' });
  const alicePeer = await publish(alice, peers, 'alice publishes', {
    ...join,
    request: 'joinandconfigure',
    id: 41,
    display: 'alice',
  });
  await t.heard('alice has come', all, kSettled);
  await bob.message('bob joins', { ...join, id: 42 });
  await t.heard('bob has joined', all);
  const bobPeer = await publish(bob, peers, 'bob publishes', { request: 'publish' });
  await t.heard('bob has come', all, kSettled);
  const davePeer = await watch(dave, peers, 'dave watches both', {
    room: kRoom,
    streams: [{ feed: 41 }, { feed: 42 }],
  });
  const erinPeer = await watch(erin, peers, 'erin watches alice the old way', {
    room: kRoom,
    feed: 41,
  });
  await t.heard('both are watched', all, kSettled);
  await maker.message('moderate', {
    request: 'moderate',
    room: kRoom,
    id: 41,
    mid: '0',
    mute: true,
  });
  await maker.message('moderate again', {
    request: 'moderate',
    room: kRoom,
    id: 41,
    mid: '0',
    mute: true,
  });
  await maker.message('list with a muted one', { request: 'listparticipants', room: kRoom });
  await t.heard('alice is muted', all);
  await alice.message('alice changes her name', { request: 'configure', display: 'Alice' });
  await t.heard('alice has another name', all);
  return { alicePeer, bobPeer, davePeer, erinPeer };
}

async function goings(t, peers, { all, alice, bob, dave, erin }, { davePeer, erinPeer }) {
  const followAll = async (label) => {
    await follow(t, dave, davePeer, `${label}: dave follows`);
    await follow(t, erin, erinPeer, `${label}: erin follows`);
    await t.heard(`${label}, followed`, all);
  };
  await alice.message('alice unpublishes', { request: 'unpublish' });
  await t.heard('alice has unpublished', all, 2 * kSettled);
  await followAll('unpublished');
  await publish(alice, peers, 'alice publishes again', { request: 'publish' }, ['audio']);
  await t.heard('alice is back', all, kSettled);
  const more = await dave.message('dave subscribes to her again', {
    request: 'subscribe',
    streams: [{ feed: 41 }],
  });
  await dave.message('dave: while an offer is open', {
    request: 'unsubscribe',
    streams: [{ feed: 42, mid: '1' }],
  });
  await dave.message('dave: start', { request: 'start' }, await davePeer.answer(more.jsep));
  await t.heard('dave has her again', all, kSettled);
  await followAll('what waited');
  await alice.verb('alice hangs up', 'hangup');
  await t.heard('alice has hung up', all, kSettled);
  await followAll('hung up');
  await alice.message('alice leaves', { request: 'leave' });
  await t.heard('alice has left', all, kSettled);
  await bob.verb('bob detaches', 'detach');
  await t.heard('bob has gone', all, kSettled);
  await followAll('gone');
}

async function end(t, peers, { all, attach, maker, dave }) {
  const fred = await attach('fred');
  const gina = await attach('gina');
  const everybody = [...all, fred, gina];
  const enter = { request: 'joinandconfigure', ptype: 'publisher', room: kRoom };
  await publish(fred, peers, 'fred publishes', { ...enter, id: 46 }, ['audio']);
  await publish(gina, peers, 'gina publishes', { ...enter, id: 47 }, ['audio']);
  await t.heard('two more have come', everybody, kSettled);
  await watch(await attach('hans'), peers, 'hans watches both', {
    room: kRoom,
    streams: [{ feed: 46 }, { feed: 47 }],
    autoupdate: false,
  });
  await maker.message('kick fred', { request: 'kick', room: kRoom, id: 46 });
  await t.heard('fred is kicked', everybody, 2 * kSettled);
  await maker.message('kick fred again', { request: 'kick', room: kRoom, id: 46 });
  await maker.message('who is left', { request: 'listparticipants', room: kRoom });
  await maker.message('destroy', { request: 'destroy', room: kRoom });
  await t.heard('the room has ended', everybody, 2 * kSettled);
  await gina.message('gina, afterwards', { request: 'configure', audio: true });
  await dave.message('dave, afterwards', { request: 'configure', send: true });
}

export async function script(t, { peers }) {
  const session = await t.session();
  const attach = (who) => t.attach(session, 'janus.plugin.videoroom', who);
  const people = { attach };
  for (const who of ['maker', 'alice', 'bob', 'carol', 'dave', 'erin']) {
    people[who] = await attach(who);
  }
  const { maker, alice, bob, carol, dave, erin } = people;
  people.all = [alice, bob, carol, dave, erin];
  await maker.message('create', {
    request: 'create',
    room: kRoom,
    publishers: 6,
    description: 'Nine hundred',
    notify_joining: true,
  });
  const connections = await comings(t, peers, people);
  await goings(t, peers, people, connections);
  await end(t, peers, people);
  await Promise.all(Object.values(connections).map((peer) => peer.close()));
}
