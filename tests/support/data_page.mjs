// Data channels of a browser page to a plugin, through the Janus API. The page keeps what it got in
// `window.channels[label].got`; bytes are kept as `bytes:` and their sum.
import { JanusClient } from './janus_client.mjs';

/**
 * Opens a page, attaches it to a plugin and offers its channels there.
 * @param {{label: string, init?: RTCDataChannelInit}[]} channels
 * @returns {{page, janus: JanusClient, session: number, handle: number, close: () => Promise<void>}}
 */
export async function openDataPage(chromium, server, plugin, body, channels) {
  const page = await chromium.newPage();
  const janus = await JanusClient.connect(server.websocketUrl);
  const session = await janus.createSession();
  const handle = await janus.attach(session, plugin);
  const offer = await page.evaluate(makeOffer, channels);
  const answer = await janus.message(session, handle, body, { type: 'offer', sdp: offer });
  await page.evaluate((jsep) => window.peer.setRemoteDescription(jsep), answer.jsep);
  for (const { label } of channels) {
    await page.waitForFunction((name) => window.channels[name].channel.readyState === 'open', label);
  }
  return {
    page,
    janus,
    session,
    handle,
    answer,
    async close() {
      await janus.close();
      await page.context().close();
    },
  };
}

// Runs in the page.
async function makeOffer(channels) {
  const keep = (channel) => {
    const kept = { channel, got: [] };
    window.channels[channel.label] = kept;
    channel.binaryType = 'arraybuffer';
    channel.onmessage = ({ data }) => {
      const sum = (buffer) => new Uint8Array(buffer).reduce((total, byte) => total + byte, 0);
      kept.got.push(typeof data === 'string' ? data : `bytes:${data.byteLength}:${sum(data)}`);
    };
  };
  window.channels = {};
  window.peer = new RTCPeerConnection();
  window.peer.ondatachannel = ({ channel }) => keep(channel);
  for (const { label, init } of channels) {
    keep(window.peer.createDataChannel(label, init));
  }
  await window.peer.setLocalDescription();
  return window.peer.localDescription.sdp;
}

/** Waits until a channel of the page has got so many messages, and returns them. */
export async function gotMessages(page, label, count, timeout = 20_000) {
  await page.waitForFunction(
    ([name, least]) => window.channels[name]?.got.length >= least,
    [label, count],
    { timeout },
  );
  return page.evaluate((name) => window.channels[name].got, label);
}
