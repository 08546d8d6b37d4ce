// WebRTC in node (@roamhq/wrtc, libwebrtc inside): connections with made-up media, and what arrives.
import wrtc from '@roamhq/wrtc';

export const { RTCPeerConnection } = wrtc;

// The addon aborts when node frees its environment at the end; so it does not get there.
process.on('exit', (code) => process.reallyExit(code));

/** @returns `{ track, stop() }`: a tone of 48 kHz in pieces of 10 ms. */
export function audioSource() {
  const source = new wrtc.nonstandard.RTCAudioSource();
  const track = source.createTrack();
  let phase = 0;
  const timer = setInterval(() => {
    const samples = new Int16Array(480).map(() => Math.round(8000 * Math.sin((phase += 0.06))));
    source.onData({
      samples,
      sampleRate: 48000,
      bitsPerSample: 16,
      channelCount: 1,
      numberOfFrames: 480,
    });
  }, 10);
  return {
    track,
    stop: () => {
      clearInterval(timer);
      track.stop();
    },
  };
}

/** @returns `{ track, stop() }`: small grey pictures that change. */
export function videoSource({ width = 160, height = 120, fps = 15 } = {}) {
  const source = new wrtc.nonstandard.RTCVideoSource();
  const track = source.createTrack();
  let count = 0;
  const timer = setInterval(() => {
    const data = new Uint8ClampedArray((width * height * 3) / 2).fill((count += 5) % 256);
    source.onFrame({ width, height, data });
  }, 1000 / fps);
  return {
    track,
    stop: () => {
      clearInterval(timer);
      track.stop();
    },
  };
}

/** Resolves when a track of a connection has brought something: samples or a picture. */
export function heardOrSeen(track, timeoutMs = 20_000) {
  const { RTCAudioSink, RTCVideoSink } = wrtc.nonstandard;
  return new Promise((resolve, reject) => {
    const sink = track.kind === 'audio' ? new RTCAudioSink(track) : new RTCVideoSink(track);
    const end = (settle, value) => {
      clearTimeout(timer);
      sink.stop();
      settle(value);
    };
    const timer = setTimeout(
      () => end(reject, new Error(`nothing came on the ${track.kind} track`)),
      timeoutMs,
    );
    sink.ondata = ({ samples }) => samples.some((sample) => sample !== 0) && end(resolve);
    sink.onframe = () => end(resolve);
  });
}

/** Waits until a connection's property has the value. */
export function reaches(pc, property, value, timeoutMs = 20_000) {
  const event = property.toLowerCase() + 'change';
  return new Promise((resolve, reject) => {
    const look = () => {
      if (pc[property] === value) {
        clearTimeout(timer);
        pc.removeEventListener(event, look);
        resolve();
      }
    };
    const timer = setTimeout(
      () => reject(new Error(`${property} is ${pc[property]}, not ${value}`)),
      timeoutMs,
    );
    pc.addEventListener(event, look);
    look();
  });
}

/** Answers an offer with everything gathered. @returns the answer as a JSEP. */
export async function answer(pc, jsep) {
  await pc.setRemoteDescription(jsep);
  await pc.setLocalDescription(await pc.createAnswer());
  await reaches(pc, 'iceGatheringState', 'complete');
  return { type: 'answer', sdp: pc.localDescription.sdp };
}
