// TextRoom over data channels: who is told of what, whispers, the history, and the ends.
export const name = 'textroom on data channels';

const kRoom = 900;

async function setUp(t, session, peers, name) {
  const handle = await t.attach(session, 'janus.plugin.textroom', name);
  const { jsep } = await handle.message(`${name} sets up`, { request: 'setup' });
  const peer = peers.peer();
  await handle.message(`${name} answers`, { request: 'ack' }, await peer.answer(jsep));
  await peer.channelOpen();
  return { handle, peer };
}

export async function script(t, { peers }) {
  const session = await t.session();
  const { handle: maker, peer: ann } = await setUp(t, session, peers, 'ann');
  const { handle: other, peer: bea } = await setUp(t, session, peers, 'bea');
  const both = { ann, bea };
  /** A step on a data channel, and what everybody hears of it. */
  const say = async (who, label, body) => {
    t.record(label, await both[who].ask(body));
    await told(label);
  };
  const told = async (label) => {
    await t.quiet(300);
    for (const [name, peer] of Object.entries(both)) {
      t.record(`${label}: ${name} hears`, await peer.heard());
    }
  };

  await maker.message('create', { request: 'create', room: kRoom, secret: 's', pin: 'p', history: 2 });
  await say('ann', 'join without the pin', { textroom: 'join', room: kRoom, username: 'ann' });
  await say('ann', 'join with a wrong pin', { textroom: 'join', room: kRoom, username: 'ann', pin: 'x' });
  await say('ann', 'ann joins', {
    textroom: 'join', room: kRoom, username: 'ann', display: 'Ann', pin: 'p',
  });
  await say('ann', 'ann joins twice', { textroom: 'join', room: kRoom, username: 'ann2', pin: 'p' });
  for (const text of ['one', 'two', 'three']) {
    await say('ann', `ann says ${text}`, { textroom: 'message', room: kRoom, text });
  }
  await say('bea', 'bea takes the name', { textroom: 'join', room: kRoom, username: 'ann', pin: 'p' });
  await say('bea', 'bea joins', { textroom: 'join', room: kRoom, username: 'bea', pin: 'p' });
  await say('bea', 'bea says', { textroom: 'message', room: kRoom, text: 'hello' });
  await say('bea', 'bea says without an ack', { textroom: 'message', room: kRoom, text: 'x', ack: false });
  await say('bea', 'bea whispers', { textroom: 'message', room: kRoom, text: 'psst', to: 'ann' });
  await say('bea', 'bea whispers to some', {
    textroom: 'message', room: kRoom, text: 'psst', tos: ['ann', 'nobody'],
  });
  await say('ann', 'the list', { textroom: 'listparticipants', room: kRoom });
  await say('ann', 'announce', { textroom: 'announcement', room: kRoom, secret: 's', text: 'news' });
  await maker.message('announce over the API', {
    request: 'announcement', room: kRoom, secret: 's', text: 'news',
  });
  await told('announce over the API');
  await say('bea', 'bea leaves', { textroom: 'leave', room: kRoom });
  await say('bea', 'bea comes again', {
    textroom: 'join', room: kRoom, username: 'bea', pin: 'p', history: false,
  });
  await maker.message('kick', { request: 'kick', room: kRoom, secret: 's', username: 'bea' });
  await told('kick');
  await say('bea', 'bea says in a room left', { textroom: 'message', room: kRoom, text: 'hello' });
  await say('bea', 'bea comes for the end', { textroom: 'join', room: kRoom, username: 'bea', pin: 'p' });
  await other.verb('bea detaches', 'detach');
  await told('bea detaches');
  await maker.message('destroy', { request: 'destroy', room: kRoom, secret: 's' });
  await told('destroy');
  await say('ann', 'ann says nowhere', { textroom: 'message', room: kRoom, text: 'hello' });
  await ann.close();
  await bea.close();
}
