// VideoRoom with participants but without media: join, leave, the roles, and every error on the way.
export const name = "videoroom participants";

const kRoom = 600;

async function beforeJoining(t, handle) {
  for (const request of [
    "configure", "publish", "unpublish", "start", "pause", "leave", "switch", "subscribe",
    "unsubscribe", "update",
  ]) {
    await handle.message(`${request} before join`, { request });
  }
  await handle.message("join without a room", { request: "join", ptype: "publisher" });
  await handle.message("join no room", { request: "join", ptype: "publisher", room: 99 });
  await handle.message("join: room is text", { request: "join", ptype: "publisher", room: "600" });
  await handle.message("join without a type", { request: "join", room: kRoom });
  await handle.message("join: type is a number", { request: "join", room: kRoom, ptype: 4 });
  await handle.message("join as nonsense", { request: "join", room: kRoom, ptype: "nonsense" });
  await handle.message("join: display is a number", {
    request: "join", ptype: "publisher", room: kRoom, display: 4,
  });
  await handle.message("join: id is text", {
    request: "join", ptype: "publisher", room: kRoom, id: "me",
  });
  await handle.message("join: token is a number", {
    request: "join", ptype: "publisher", room: kRoom, token: 3,
  });
  await handle.message("join without the pin", { request: "join", ptype: "publisher", room: 601 });
  await handle.message("join with a wrong pin", {
    request: "join", ptype: "publisher", room: 601, pin: "no",
  });
  await handle.message("join: pin is a number", {
    request: "join", ptype: "publisher", room: 601, pin: 1,
  });
}

async function joining(t, alice, bob) {
  await alice.message("alice joins", {
    request: "join", ptype: "publisher", room: kRoom, id: 11, display: "alice",
  });
  await alice.message("alice joins twice", { request: "join", ptype: "publisher", room: kRoom });
  await bob.message("bob takes alice's id", {
    request: "join", ptype: "publisher", room: kRoom, id: 11,
  });
  await bob.message("bob joins", { request: "join", ptype: "publisher", room: kRoom, id: 12 });
  await bob.message("list with two", { request: "listparticipants", room: kRoom });
  await alice.message("configure nothing", { request: "configure" });
  await alice.message("configure a display", { request: "configure", display: "alice2" });
  await alice.message("configure: display is a number", { request: "configure", display: 4 });
  await alice.message("configure a bitrate", { request: "configure", bitrate: 64000 });
  await alice.message("configure: bitrate is text", { request: "configure", bitrate: "x" });
  await alice.message("configure: bitrate is negative", { request: "configure", bitrate: -4 });
  await alice.message("configure: keyframe is text", { request: "configure", keyframe: "x" });
  await alice.message("configure: audio is text", { request: "configure", audio: "x" });
  await alice.message("configure: streams is text", { request: "configure", streams: "x" });
  await alice.message("configure a stream that is not there", {
    request: "configure", streams: [{ mid: "0", send: false }],
  });
  await alice.message("configure: descriptions is text", {
    request: "configure", descriptions: "x",
  });
  await alice.message("unpublish before publishing", { request: "unpublish" });
  await alice.message("publish without an offer", { request: "publish" });
  for (const request of ["start", "pause", "switch", "subscribe", "unsubscribe", "update"]) {
    await alice.message(`${request} as a publisher`, { request });
  }
  await alice.message("unknown request as a publisher", { request: "nonsense" });
  await alice.message("joinandconfigure in the room", {
    request: "joinandconfigure", room: kRoom, ptype: "publisher",
  });
}

async function subscribing(t, carol) {
  const join = { request: "join", ptype: "subscriber", room: kRoom };
  await carol.message("subscribe to nothing", join);
  await carol.message("subscribe to an empty list", { ...join, streams: [] });
  await carol.message("subscribe: streams is text", { ...join, streams: "x" });
  await carol.message("subscribe: stream without a feed", { ...join, streams: [{ mid: "0" }] });
  await carol.message("subscribe: feed is text", { ...join, streams: [{ feed: "11" }] });
  await carol.message("subscribe: mid is a number", { ...join, streams: [{ feed: 11, mid: 0 }] });
  await carol.message("subscribe to an unknown feed", { ...join, streams: [{ feed: 77 }] });
  await carol.message("subscribe to a feed that does not publish", {
    ...join, streams: [{ feed: 11 }],
  });
  await carol.message("legacy subscribe to an unknown feed", { ...join, feed: 77 });
  await carol.message("legacy subscribe to a silent feed", { ...join, feed: 11 });
  await carol.message("legacy: feed is text", { ...join, feed: "11" });
  await carol.message("subscribe in a room with a pin", {
    ...join, room: 601, streams: [{ feed: 1 }],
  });
  await carol.message("subscribe in no room", { ...join, room: 99, streams: [{ feed: 1 }] });
  await carol.message("subscribe: private id is text", {
    ...join, private_id: "x", streams: [{ feed: 11 }],
  });
  await carol.message("joinandconfigure as a subscriber", {
    request: "joinandconfigure", room: kRoom, ptype: "subscriber", streams: [{ feed: 11 }],
  });
}

export async function script(t) {
  const session = await t.session();
  const attach = (who) => t.attach(session, "janus.plugin.videoroom", who);
  const maker = await attach("maker");
  await maker.message("create the room", {
    request: "create", room: kRoom, notify_joining: true, description: "Six hundred",
  });
  await maker.message("create the pin room", { request: "create", room: 601, pin: "1234" });
  await maker.message("create the quiet room", { request: "create", room: 602, publishers: 1 });
  const [alice, bob, carol, dave] = await Promise.all(["alice", "bob", "carol", "dave"].map(attach));
  await beforeJoining(t, alice);
  await joining(t, alice, bob);
  await subscribing(t, carol);
  await dave.message("join with the pin", {
    request: "join", ptype: "publisher", room: 601, pin: "1234", id: 1,
  });
  await dave.message("leave the pin room", { request: "leave" });
  await dave.message("leave twice", { request: "leave" });
  await t.quiet();
  await dave.message("join another room after leaving", {
    request: "join", ptype: "publisher", room: 602, id: 14, display: "dave",
  });
  await maker.message("kick dave", { request: "kick", room: 602, id: 14 });
  await t.quiet();
  await dave.message("configure after the kick", { request: "configure", display: "x" });
  await bob.message("bob leaves", { request: "leave" });
  await t.quiet();
  await maker.message("destroy the room", { request: "destroy", room: kRoom });
  await t.quiet();
  await alice.message("configure in a destroyed room", { request: "configure", display: "x" });
  await alice.message("leave a destroyed room", { request: "leave" });
}
