// VideoRoom without participants: create, exists, list, edit, destroy, and every way to get them wrong.
export const name = "videoroom rooms";

const kSynchronous = [
  "create", "destroy", "exists", "edit", "list", "listparticipants", "kick", "moderate", "allowed",
];

async function creating(t, handle) {
  await handle.message("create", { request: "create" });
  await handle.message("create with a number", { request: "create", room: 500 });
  await handle.message("create twice", { request: "create", room: 500 });
  await handle.message("create: room is text", { request: "create", room: "501" });
  await handle.message("create: room is negative", { request: "create", room: -1 });
  await handle.message("create: room is zero", { request: "create", room: 0 });
  const bad = {
    description: 1, secret: 1, pin: 1, is_private: "yes", publishers: "3", bitrate: "x",
    bitrate_cap: 1, fir_freq: "x", audiocodec: 1, videocodec: 1, notify_joining: "x", record: "x",
    rec_dir: 1, lock_record: "x", permanent: "x", allowed: "x", require_pvtid: "x",
    require_e2ee: "x", opus_fec: "x", opus_dtx: "x", video_svc: "x", audiolevel_ext: "x",
    audiolevel_event: "x", audio_active_packets: "x", audio_level_average: "x",
    videoorient_ext: "x", playoutdelay_ext: "x", transport_wide_cc_ext: "x", signed_tokens: "x",
    vp9_profile: 1, h264_profile: 1, dummy_publisher: "x", admin_key: 1,
  };
  for (const [key, value] of Object.entries(bad)) {
    await handle.message(`create: bad ${key}`, { request: "create", room: 502, [key]: value });
  }
  await handle.message("create: publishers is negative", {
    request: "create", room: 503, publishers: -1,
  });
  await handle.message("create: unknown codec", {
    request: "create", room: 504, videocodec: "nonsense",
  });
  await handle.message("create: permanent", { request: "create", room: 505, permanent: false });
  await handle.message("create: all", {
    request: "create", room: 506, description: "Six", secret: "s", pin: "p", is_private: true,
    publishers: 2, bitrate: 200000, bitrate_cap: true, fir_freq: 5, audiocodec: "opus,pcmu",
    videocodec: "vp8,h264", notify_joining: true, require_pvtid: false, allowed: ["token"],
  });
  await handle.message("create: empty texts", {
    request: "create", room: 507, description: "", secret: "",
  });
}

async function looking(t, handle) {
  await handle.message("exists", { request: "exists", room: 500 });
  await handle.message("exists not", { request: "exists", room: 99 });
  await handle.message("exists without a room", { request: "exists" });
  await handle.message("exists: room is text", { request: "exists", room: "500" });
  await handle.message("list", { request: "list" });
  await handle.message("listparticipants", { request: "listparticipants", room: 500 });
  await handle.message("listparticipants without a room", { request: "listparticipants" });
  await handle.message("listparticipants of no room", { request: "listparticipants", room: 99 });
  await handle.message("listparticipants: room is text", {
    request: "listparticipants", room: "500",
  });
  for (const request of kSynchronous.filter((r) => r !== "create" && r !== "list")) {
    await handle.message(`${request} with nothing else`, { request });
  }
  await handle.message("unknown request", { request: "nonsense" });
  await handle.message("request is a number", { request: 4 });
  await handle.message("request is missing", { room: 500 });
}

async function changing(t, handle) {
  await handle.message("edit", { request: "edit", room: 500, new_description: "Five hundred" });
  await handle.message("edit of no room", { request: "edit", room: 99 });
  await handle.message("edit: bad description", { request: "edit", room: 500, new_description: 4 });
  await handle.message("edit without the secret", { request: "edit", room: 506 });
  await handle.message("edit with a wrong secret", { request: "edit", room: 506, secret: "x" });
  await handle.message("edit: secret is a number", { request: "edit", room: 506, secret: 1 });
  await handle.message("edit with the secret", {
    request: "edit", room: 506, secret: "s", new_publishers: 4, new_bitrate: 100000, new_fir_freq: 3,
    new_is_private: false, new_pin: "pp", new_secret: "ss",
  });
  await handle.message("kick from no room", { request: "kick", room: 99, id: 1 });
  await handle.message("kick of nobody", { request: "kick", room: 500, id: 1 });
  await handle.message("kick without an id", { request: "kick", room: 500 });
  await handle.message("kick: id is text", { request: "kick", room: 500, id: "1" });
  await handle.message("kick without the secret", { request: "kick", room: 506, id: 1 });
  await handle.message("allowed: add", {
    request: "allowed", room: 500, action: "add", allowed: ["a", "b"],
  });
  await handle.message("allowed: bad action", { request: "allowed", room: 500, action: "x" });
  await handle.message("allowed: disable", { request: "allowed", room: 500, action: "disable" });
  await handle.message("destroy of no room", { request: "destroy", room: 99 });
  await handle.message("destroy: room is text", { request: "destroy", room: "500" });
  await handle.message("destroy without the secret", { request: "destroy", room: 506 });
  await handle.message("destroy with a wrong secret", {
    request: "destroy", room: 506, secret: "no",
  });
  await handle.message("destroy with the secret", { request: "destroy", room: 506, secret: "ss" });
  await handle.message("destroy", { request: "destroy", room: 500 });
  await handle.message("destroy twice", { request: "destroy", room: 500 });
}

export async function script(t) {
  const handle = await t.attach(await t.session(), "janus.plugin.videoroom", "rooms");
  await creating(t, handle);
  await looking(t, handle);
  await changing(t, handle);
}
