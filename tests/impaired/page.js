// In the browser: a person of VideoRoom by the unchanged janus.js, who publishes or watches, and keeps what was seen
// and heard. `mediaPort` of the server is replaced by that of the bad line in every remote description.
import Janus from './janus.es.js';

const sampleMs = 50;
let session;

/** Media must not pass the line by: the server is only reached at the line's port. */
function leadThrough(mediaPort, linePort) {
  const original = RTCPeerConnection.prototype.setRemoteDescription;
  RTCPeerConnection.prototype.setRemoteDescription = function (description) {
    const sdp = description.sdp
      .replace(/^a=candidate:\S+ \d tcp .*\r\n/gim, '')
      .replaceAll(` 127.0.0.1 ${mediaPort} typ host`, ` 127.0.0.1 ${linePort} typ host`);
    return original.call(this, { type: description.type, sdp });
  };
}

const attach = (callbacks) =>
  new Promise((success, error) =>
    session.attach({ plugin: 'janus.plugin.videoroom', success, error, ...callbacks }),
  );

const send = (handle, message, jsep) =>
  new Promise((success, error) => handle.send({ message, jsep, success, error }));

/** Opens the session. */
export async function open({ server, mediaPort, linePort }) {
  leadThrough(mediaPort, linePort);
  await new Promise((callback) => Janus.init({ debug: ['error'], callback }));
  session = await new Promise((success, error) => {
    const made = new Janus({ server, iceServers: [], success: () => success(made), error });
  });
}

/** The picture: what a camera gives is never still, and a part of it always moves. */
function drawnTrack(width, height, rate) {
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const context = canvas.getContext('2d');
  const noise = context.createImageData(64, 64);
  let frame = 0;
  setInterval(() => {
    frame += 1;
    context.fillStyle = `hsl(${frame % 360} 40% 40%)`;
    context.fillRect(0, 0, width, height);
    for (let i = 0; i < noise.data.length; i += 1) {
      noise.data[i] = i % 4 === 3 ? 255 : Math.random() * 255;
    }
    for (let i = 0; i < 4; i += 1) {
      const x = (frame * (3 + i) + i * 150) % (width - 64);
      context.putImageData(noise, x, 60 + i * 70);
    }
  }, 1000 / rate);
  return canvas.captureStream(rate).getVideoTracks()[0];
}

/** Publishes a tone and VP8 simulcast. @returns the feed's id when the connection stands. */
export async function publish(room, { width = 640, height = 360, rate = 25 } = {}) {
  const audio = new AudioContext();
  const tone = audio.createOscillator();
  const out = audio.createMediaStreamDestination();
  tone.connect(out);
  tone.start();
  const [sound] = out.stream.getAudioTracks();
  let id;
  let up;
  const connected = new Promise((resolve) => (up = resolve));
  const handle = await attach({
    webrtcState: (on) => on && up(),
    onmessage(message, jsep) {
      id ??= message.id;
      if (message.videoroom === 'joined') {
        handle.createOffer({
          tracks: [
            { type: 'audio', capture: sound, recv: false },
            { type: 'video', capture: drawnTrack(width, height, rate), recv: false, simulcast: true },
          ],
          success: (offer) => send(handle, { request: 'configure', audio: true, video: true }, offer),
          error: (error) => console.error(error),
        });
      }
      if (jsep) {
        handle.handleRemoteJsep({ jsep });
      }
    },
  });
  await send(handle, { request: 'join', ptype: 'publisher', room });
  await connected;
  return id;
}

/** What one viewer saw, by the page's clock in ms. */
class Watch {
  frames = [];
  samples = [];
  events = [];

  constructor(pc, video) {
    this.pc = pc;
    const shown = (at) => {
      this.frames.push(at);
      video.requestVideoFrameCallback(shown);
    };
    video.requestVideoFrameCallback(shown);
    void this.sample();
  }

  async sample() {
    for (;;) {
      const line = { at: performance.now() };
      for (const one of (await this.pc.getStats()).values()) {
        if (one.type === 'inbound-rtp') {
          line[one.kind] = one;
        }
      }
      this.samples.push(line);
      await new Promise((resolve) => setTimeout(resolve, sampleMs));
    }
  }
}

/** Subscribes to a feed and keeps looking. Resolves when the connection stands. */
export async function watch(room, feed) {
  const video = document.body.appendChild(
    Object.assign(document.createElement('video'), { autoplay: true, playsInline: true }),
  );
  video.srcObject = new MediaStream();
  let up;
  const connected = new Promise((resolve) => (up = resolve));
  const events = [];
  const handle = await attach({
    webrtcState: (on) => on && up(),
    slowLink: (uplink, lost, mid) => events.push({ at: performance.now(), slow: { uplink, lost, mid } }),
    onremotetrack: (track, mid, on) => on && video.srcObject.addTrack(track),
    onmessage(message, jsep) {
      events.push({ at: performance.now(), message });
      if (jsep) {
        handle.createAnswer({
          jsep,
          tracks: [{ type: 'data' }],
          success: (answer) => send(handle, { request: 'start' }, answer),
          error: (error) => console.error(error),
        });
      }
    },
  });
  await send(handle, { request: 'join', ptype: 'subscriber', room, streams: [{ feed }] });
  await connected;
  window.seen = new Watch(handle.webrtcStuff.pc, video);
  window.seen.events = events;
}

/** What was kept since `from`, with the page's time as `now`; counters as they came from getStats(). */
export function take(from) {
  const { frames, samples, events } = window.seen;
  const since = (list, at) => list.filter((one) => at(one) >= from);
  return {
    now: performance.now(),
    frames: since(frames, (one) => one),
    samples: since(samples, (one) => one.at).map(({ at, video = {}, audio = {} }) => ({
      at,
      height: video.frameHeight,
      freezes: video.totalFreezesDuration,
      decoded: video.framesDecoded,
      videoBytes: video.bytesReceived,
      lost: video.packetsLost,
      nacks: video.nackCount,
      plis: video.pliCount,
      jitterDelay: video.jitterBufferDelay / video.jitterBufferEmittedCount,
      heard: audio.packetsReceived,
      concealed: audio.concealedSamples,
      samples: audio.totalSamplesReceived,
    })),
    events: since(events, (one) => one.at),
  };
}
