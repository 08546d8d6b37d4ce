// Layers as a browser sees them: one Chromium publishes simulcast or SVC, another watches and changes what it gets.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchChromium } from '../support/chromium.mjs';
import { JanusClient } from '../support/janus_client.mjs';
import { startServer } from '../support/server.mjs';

const plugin = 'janus.plugin.videoroom';
// Between two shown frames while a layer is exchanged.
const longestGapMs = 500;
// Of the layers, the least first: of a picture of 640x360 Chromium makes no more than two.
const heights = [180, 360];

let server;
let chromium;

before(async () => {
  server = await startServer();
  chromium = await launchChromium();
});

after(async () => {
  await chromium?.close();
  await server?.stop();
});

/** One page and one handle of VideoRoom. */
async function person() {
  const page = await chromium.newPage();
  const janus = await JanusClient.connect(server.websocketUrl);
  const session = await janus.createSession();
  const handle = await janus.attach(session, plugin);
  return {
    page,
    connected: () => janus.next(({ janus: what }) => what === 'webrtcup'),
    ask: (body, jsep) => janus.message(session, handle, body, jsep),
    async close() {
      await janus.close();
      await page.context().close();
    },
  };
}

// Runs in the page: a moving picture of 640x360 as VP8 simulcast, or as one layered stream. Of simulcast the best is named
// first, though substreams count from the least.
async function offerLayers({ mime, scalabilityMode, simulcast }) {
  const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 360 });
  const draw = canvas.getContext('2d');
  let step = 0;
  setInterval(() => {
    step += 1;
    draw.fillStyle = `hsl(${step % 360} 60% 50%)`;
    draw.fillRect(0, 0, 640, 360);
    draw.fillStyle = 'white';
    draw.fillRect((step * 7) % 640, (step * 5) % 360, 80, 80);
  }, 33);
  const peer = new RTCPeerConnection();
  window.peer = peer;
  const sendEncodings = simulcast
    ? simulcast.map((scaleResolutionDownBy, index) => ({ rid: 'hl'[index], scaleResolutionDownBy, scalabilityMode }))
    : [{ scalabilityMode, maxBitrate: 1_500_000 }];
  const transceiver = peer.addTransceiver(canvas.captureStream(30).getVideoTracks()[0], {
    direction: 'sendonly',
    sendEncodings,
  });
  const codecs = RTCRtpReceiver.getCapabilities('video').codecs;
  transceiver.setCodecPreferences(codecs.filter(({ mimeType }) => [mime, 'video/rtx'].includes(mimeType)));
  // Chromium knows AV1's descriptor of layers and leaves it out unless told.
  const extensions = transceiver.getHeaderExtensionsToNegotiate();
  for (const extension of extensions) {
    if (extension.uri.includes('dependency-descriptor')) {
      extension.direction = 'sendrecv';
    }
  }
  transceiver.setHeaderExtensionsToNegotiate(extensions);
  await peer.setLocalDescription();
  return peer.localDescription.sdp;
}

// Runs in the page: answers, shows the video, and notes when each frame was shown.
async function answerAndWatch(jsep) {
  const peer = new RTCPeerConnection();
  window.peer = peer;
  window.shown = [];
  peer.ontrack = ({ track }) => {
    const video = Object.assign(document.createElement('video'), { muted: true, autoplay: true });
    video.srcObject = new MediaStream([track]);
    document.body.append(video);
    const note = () => {
      window.shown.push(performance.now());
      video.requestVideoFrameCallback(note);
    };
    video.requestVideoFrameCallback(note);
  };
  await peer.setRemoteDescription(jsep);
  await peer.setLocalDescription();
  return peer.localDescription.sdp;
}

// Runs in the page.
async function watched() {
  for (const stats of (await window.peer.getStats()).values()) {
    if (stats.type === 'inbound-rtp') {
      const { frameHeight = 0, framesPerSecond = 0, framesDecoded = 0, pliCount = 0, decoderImplementation } = stats;
      return { frameHeight, framesPerSecond, framesDecoded, pliCount, decoderImplementation };
    }
  }
  return { frameHeight: 0, framesPerSecond: 0, framesDecoded: 0, pliCount: 0 };
}

/** Publishes and watches; what a viewer wishes and what it gets. */
async function watch(codec, room, source) {
  const publisher = await person();
  const viewer = await person();
  await publisher.ask({ request: 'create', room, videocodec: codec, video_svc: true, bitrate: 3_000_000 });
  const offer = await publisher.page.evaluate(offerLayers, source);
  const joined = await publisher.ask(
    { request: 'joinandconfigure', ptype: 'publisher', room },
    { type: 'offer', sdp: offer },
  );
  await publisher.page.evaluate((jsep) => window.peer.setRemoteDescription(jsep), joined.jsep);
  await publisher.connected();
  const feed = joined.plugindata.data.id;
  const offered = await viewer.ask({ request: 'join', ptype: 'subscriber', room, streams: [{ feed }] });
  const answer = await viewer.page.evaluate(answerAndWatch, offered.jsep);
  await viewer.ask({ request: 'start' }, { type: 'answer', sdp: answer });
  return {
    answered: joined.jsep.sdp,
    wish: (layers) => viewer.ask({ request: 'configure', streams: [{ mid: '0', ...layers }] }),
    stats: () => viewer.page.evaluate(watched),
    /** Waits until what is watched fits, and returns the longest gap between two frames meanwhile. */
    async until(fits, what) {
      await viewer.page.evaluate(() => window.shown.splice(0, window.shown.length - 1));
      const deadline = Date.now() + 30_000;
      let last = await this.stats();
      while (!fits(last)) {
        assert.ok(Date.now() < deadline, `${what}: ${JSON.stringify(last)}`);
        await viewer.page.waitForTimeout(200);
        last = await this.stats();
      }
      await viewer.page.waitForTimeout(500);
      return viewer.page.evaluate(() =>
        window.shown.slice(1).reduce((most, at, index) => Math.max(most, at - window.shown[index]), 0));
    },
    async close() {
      await viewer.close();
      await publisher.close();
    },
  };
}

async function switchesDownAndUp(call) {
  const best = heights.length - 1;
  const height = (layer) => ({ frameHeight }) => frameHeight === heights[layer];
  await call.until(height(best), 'the best layer at first');
  const before = await call.stats();
  // A busy machine stalls the browser as well: what comes of the server comes each time.
  let gaps;
  for (let round = 0; round < 3 && !(Math.max(...(gaps ?? [Infinity])) <= longestGapMs); ++round) {
    gaps = [];
    for (let substream = 0; substream <= best; ++substream) {
      await call.wish({ substream });
      gaps.push(await call.until(height(substream), `layer ${substream}`));
    }
  }
  const full = (await call.stats()).framesPerSecond;
  await call.wish({ temporal: 0 });
  await call.until(({ framesPerSecond }) => framesPerSecond > 0 && framesPerSecond <= 0.7 * full, 'fewer frames');
  await call.wish({ temporal: 2 });
  await call.until(({ framesPerSecond }) => framesPerSecond >= 0.8 * full, 'all frames again');
  const after = await call.stats();
  assert.ok(after.framesDecoded > before.framesDecoded + 60);
  // A decoder that fails asks for a key frame.
  assert.equal(after.pliCount, before.pliCount);
  assert.ok(Math.max(...gaps) <= longestGapMs, `gaps of ${gaps} ms`);
}

const cases = [
  ['VP8 simulcast', 'vp8', 7001, { mime: 'video/VP8', scalabilityMode: 'L1T3', simulcast: [1, 2] }],
  ['VP9 SVC', 'vp9', 7002, { mime: 'video/VP9', scalabilityMode: 'L2T3_KEY' }],
  ['AV1 SVC', 'av1', 7003, { mime: 'video/AV1', scalabilityMode: 'L2T3_KEY' }],
];

for (const [name, codec, room, source] of cases) {
  test(`${name}: a viewer goes down and up without a freeze`, { timeout: 150_000 }, async () => {
    const call = await watch(codec, room, source);
    try {
      assert.equal(call.answered.includes('dependency-descriptor'), codec === 'av1');
      await switchesDownAndUp(call);
    } finally {
      await call.close();
    }
  });
}
