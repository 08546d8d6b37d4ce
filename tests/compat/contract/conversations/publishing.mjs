// VideoRoom with offers that no peer stands behind: publish, renegotiate, subscribe, leave.
export const name = "videoroom publishing by offers";

const kRoom = 700;

async function publishing(t, alice, bob, offers) {
  await alice.message("alice joins and publishes", {
    request: "joinandconfigure", ptype: "publisher", room: kRoom, id: 21, display: "alice",
  }, { type: "offer", sdp: offers.publish });
  await alice.message("publish twice", { request: "publish" }, { type: "offer", sdp: offers.publish });
  await alice.message("configure with the offer again", { request: "configure" }, {
    type: "offer", sdp: offers.publish,
  });
  await alice.message("configure the streams", {
    request: "configure", streams: [{ mid: "0", send: false }, { mid: "1", keyframe: true }],
  });
  await alice.message("descriptions", {
    request: "configure", descriptions: [{ mid: "1", description: "camera" }],
  });
  await alice.message("bad descriptions", { request: "configure", descriptions: [{ mid: 1 }] });
  await alice.message("legacy audio off", { request: "configure", audio: false });
  await bob.message("bob joins", { request: "join", ptype: "publisher", room: kRoom, id: 22 });
  await bob.message("publish with a bad offer", { request: "publish" }, {
    type: "offer", sdp: "v=0\r\n",
  });
  await bob.message("bob publishes", { request: "publish", bitrate: 90000 }, {
    type: "offer", sdp: offers.simulcast,
  });
  await bob.message("bob lists", { request: "listparticipants", room: kRoom });
}

export async function script(t, { offers }) {
  const session = await t.session();
  const attach = (who) => t.attach(session, "janus.plugin.videoroom", who);
  const [maker, alice, bob, carol, dave] = [
    await attach("maker"), await attach("alice"), await attach("bob"), await attach("carol"),
    await attach("dave"),
  ];
  await maker.message("create", {
    request: "create", room: kRoom, publishers: 3, description: "Seven hundred",
    videocodec: "vp8,vp9", bitrate: 500000, bitrate_cap: true,
  });
  await publishing(t, alice, bob, offers);
  await carol.message("carol joins", { request: "join", ptype: "publisher", room: kRoom, id: 23 });
  await dave.message("dave joins and publishes", {
    request: "joinandconfigure", ptype: "publisher", room: kRoom, id: 24,
  }, { type: "offer", sdp: offers.video });
  await bob.message("bob leaves", { request: "leave" });
  await t.quiet(400);
  await alice.verb("alice hangs up", "hangup");
  await t.quiet(400);
  await alice.verb("alice detaches", "detach");
  await t.quiet(400);
  await dave.message("unpublish before the connection is up", { request: "unpublish" });
  await carol.message("who is left", { request: "listparticipants", room: kRoom });
}
