// What conversations with VideoRoom over real connections do again and again: watch, and follow what is offered later.

/** Joins as a subscriber and answers the offer. @returns the connection. */
export async function watch(handle, peers, label, members) {
  const peer = peers.peer();
  const { jsep } = await handle.message(label, {
    request: 'join',
    ptype: 'subscriber',
    ...members,
  });
  await handle.message(`${label}: start`, { request: 'start' }, await peer.answer(jsep));
  await peer.connected();
  return peer;
}

/** Answers the newest offer that the server made by itself, if there is one that nobody answered. */
export async function follow(t, handle, peer, label) {
  const offers = t.wire.received.filter((m) => m.sender === handle.id && !m.transaction && m.jsep);
  if (offers.length > (handle.followed ?? 0)) {
    handle.followed = offers.length;
    await handle.message(label, { request: 'start' }, await peer.answer(offers.at(-1).jsep));
  }
}
