// EchoTest: its one unnamed request with good and bad parameters, and an offer answered.
export const name = "echotest";

const kBad = {
  "audio is text": { audio: "yes" },
  "video is a number": { video: 1 },
  "bitrate is text": { bitrate: "128000" },
  "bitrate is negative": { bitrate: -1 },
  "bitrate is real": { bitrate: 1.5 },
  "record is text": { record: "yes" },
  "filename is a number": { filename: 3 },
  "substream is text": { substream: "1" },
  "substream is negative": { substream: -1 },
  "temporal is text": { temporal: "1" },
  "fallback is negative": { fallback: -5 },
  "audiocodec is a number": { audiocodec: 1 },
  "videocodec is a number": { videocodec: 1 },
  "videoprofile is a number": { videoprofile: 42 },
  "opusred is text": { opusred: "yes" },
  "svc is text": { svc: "yes" },
};

const kGood = {
  "audio on": { audio: true },
  "audio and video off": { audio: false, video: false },
  "bitrate": { bitrate: 128000 },
  "bitrate off": { bitrate: 0 },
  "substream": { substream: 1 },
  "substream beyond": { substream: 7 },
  "temporal": { temporal: 1 },
  "unknown member": { something: "else" },
  "a request name": { request: "anything" },
};

export async function script(t, { offers }) {
  const session = await t.session();
  const handle = await t.attach(session, "janus.plugin.echotest", "echo");
  await handle.message("empty body", {});
  for (const [label, body] of Object.entries({ ...kBad, ...kGood })) {
    await handle.message(label, body);
  }
  await handle.message("an answer out of the blue", {}, { type: "answer", sdp: offers.echo });
  await handle.message("an offer", { audio: true, video: true }, { type: "offer", sdp: offers.echo });
  await handle.message("a bitrate after the offer", { bitrate: 256000 });
  await handle.verb("hangup", "hangup");
  await t.quiet(500);
  await handle.message("a message after the hangup", { audio: true });
  const forced = await t.attach(session, "janus.plugin.echotest", "forced");
  await forced.message(
    "an offer with a forced codec", { videocodec: "vp9", audiocodec: "opus" },
    { type: "offer", sdp: offers.echo },
  );
}
