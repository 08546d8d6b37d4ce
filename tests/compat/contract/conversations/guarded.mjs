// VideoRoom where rooms ask for something: a private id, a place, the secret to record, talking events; with media.
export const name = 'videoroom with conditions';

const kRoom = 850;

export async function script(t, { peers }) {
  const session = await t.session();
  const attach = (who) => t.attach(session, 'janus.plugin.videoroom', who);
  const [maker, ann, bea, cat] = [
    await attach('maker'), await attach('ann'), await attach('bea'), await attach('cat'),
  ];
  await maker.message('create', {
    request: 'create', room: kRoom, publishers: 1, secret: 's', require_pvtid: true, notify_joining: true,
    lock_record: true, audiolevel_event: true, description: 'Guarded',
  });
  const peer = peers.peer();
  const joined = await ann.message('ann joins', {
    request: 'join', ptype: 'publisher', room: kRoom, id: 41, display: 'ann',
  });
  await ann.message('ann changes her name', { request: 'configure', display: 'Ann' });
  await bea.message('bea takes the id', { request: 'join', ptype: 'publisher', room: kRoom, id: 41 });
  const { jsep } = await ann.message(
    'ann publishes', { request: 'publish' }, await peer.offer(['audio', 'video']),
  );
  await peer.accept(jsep);
  await peer.connected();
  await t.quiet(600);
  await bea.message('bea joins', { request: 'join', ptype: 'publisher', room: kRoom, id: 42 });
  await bea.message('a second publisher', { request: 'publish' }, await peers.peer().offer(['audio']));

  const join = { request: 'join', ptype: 'subscriber', room: kRoom, streams: [{ feed: 41 }] };
  await cat.message('without a private id', join);
  await cat.message('with a strange private id', { ...join, private_id: 1 });
  const offered = await cat.message('with a private id', { ...join, private_id: joined.private_id });
  const viewer = peers.peer();
  await cat.message('start', { request: 'start' }, await viewer.answer(offered.jsep));
  await viewer.connected();

  await ann.message('record without the secret', { request: 'configure', record: true });
  await ann.message('record with a wrong secret', { request: 'configure', record: true, secret: 'x' });
  await maker.message('moderate', {
    request: 'moderate', room: kRoom, secret: 's', id: 41, mid: '0', mute: true,
  });
  await maker.message('who is there', { request: 'listparticipants', room: kRoom });
  await maker.message('unmute', {
    request: 'moderate', room: kRoom, secret: 's', id: 41, mid: '0', mute: false,
  });
  await ann.message('a stream is switched off', { request: 'configure', streams: [{ mid: '1', send: false }] });
  await maker.message('edit', { request: 'edit', room: kRoom, secret: 's', new_publishers: 2 });
  await bea.message('bea leaves', { request: 'leave' });
  await t.quiet(300);
  await ann.verb('ann detaches', 'detach');
  await t.quiet(600);
  await maker.message('destroy', { request: 'destroy', room: kRoom, secret: 's' });
  await t.quiet(600);
  await peer.close();
  await viewer.close();
}
