// Real WebRTC connections for a conversation: each is an RTCPeerConnection in one Chromium page.
import { launchChromium } from '../../../support/chromium.mjs';
import { serveStatic } from '../../../support/static_server.mjs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One RTCPeerConnection in the page; descriptions go in and out as JSEP objects, candidates inside. */
class BrowserPeer {
  constructor(page, key) {
    Object.assign(this, { page, key });
  }

  /** @param kinds "audio" or "video", one m-line each, sent only. */
  offer(kinds) {
    return this.page.evaluate(([key, list]) => window.peers.offer(key, list), [this.key, kinds]);
  }
  /** As offer(), with the picture in three sizes. */
  offerSimulcast() {
    return this.page.evaluate((key) => window.peers.offer(key, ['audio', 'video'], true), this.key);
  }
  /** An offer that restarts ICE. */
  restart() {
    return this.page.evaluate((key) => window.peers.restart(key), this.key);
  }
  /** The statistics of what comes in: `packetsReceived`, `framesDecoded`, `frameHeight` of each stream, by kind. */
  inbound() {
    return this.page.evaluate((key) => window.peers.inbound(key), this.key);
  }
  accept(answer) {
    return this.page.evaluate(([key, jsep]) => window.peers.accept(key, jsep), [this.key, answer]);
  }
  answer(offer) {
    return this.page.evaluate(([key, jsep]) => window.peers.answer(key, jsep), [this.key, offer]);
  }
  connected() {
    return this.page.evaluate((key) => window.peers.connected(key), this.key);
  }
  /** Waits for the data channel that answer() opened beside the offered one. */
  channelOpen() {
    return this.page.evaluate((key) => window.peers.channelOpen(key), this.key);
  }
  /** Sends an object with a transaction as text. @returns the messages of that transaction, as in a list. */
  ask(message) {
    return this.page.evaluate(([key, body]) => window.peers.ask(key, body), [this.key, message]);
  }
  /** @returns what came on the data channel without being asked for, since the last call. */
  heard() {
    return this.page.evaluate((key) => window.peers.heard(key), this.key);
  }
  close() {
    return this.page.evaluate((key) => window.peers.close(key), this.key);
  }
}

// Runs in the page.
function installPeers() {
  const all = new Map();
  const channels = new Map();
  const heard = new Map();
  let asked = 0;
  const get = (key) => {
    if (!all.has(key)) {
      all.set(key, new RTCPeerConnection());
    }
    return all.get(key);
  };
  const gathered = async (pc) => {
    // Not to the end: a server that sees the first checks needs no more, and mDNS may take minutes.
    for (let waited = 0; waited < 500 && pc.iceGatheringState !== 'complete'; waited += 20) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return { type: pc.localDescription.type, sdp: pc.localDescription.sdp };
  };
  window.peers = {
    async offer(key, kinds, simulcast = false) {
      const pc = get(key);
      const media = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
      for (const kind of kinds) {
        const track = media.getTracks().find((t) => t.kind === kind);
        const sendEncodings = [
          { rid: 'h' }, { rid: 'm', scaleResolutionDownBy: 2 }, { rid: 'l', scaleResolutionDownBy: 4 },
        ];
        pc.addTransceiver(track, {
          direction: 'sendonly', streams: [media], ...(simulcast && kind === 'video' && { sendEncodings }),
        });
      }
      await pc.setLocalDescription(await pc.createOffer());
      return gathered(pc);
    },
    async restart(key) {
      const pc = get(key);
      await pc.setLocalDescription(await pc.createOffer({ iceRestart: true }));
      return gathered(pc);
    },
    async inbound(key) {
      const streams = [...(await get(key).getStats()).values()].filter((one) => one.type === 'inbound-rtp');
      return Object.fromEntries(streams.map((one) => [one.kind, { ...one }]));
    },
    accept: (key, jsep) => get(key).setRemoteDescription(jsep),
    async answer(key, jsep) {
      const pc = get(key);
      if (jsep.sdp.includes('m=application')) {
        // As janus.js does it, and as TextRoom expects it.
        const channel = pc.createDataChannel('JanusDataChannel', { ordered: true });
        channels.set(key, channel);
        heard.set(key, []);
        channel.addEventListener('message', ({ data }) => {
          const message = JSON.parse(data);
          if (message.transaction === undefined) {
            heard.get(key).push(message);
          }
        });
      }
      await pc.setRemoteDescription(jsep);
      await pc.setLocalDescription(await pc.createAnswer());
      return gathered(pc);
    },
    async connected(key) {
      for (let waited = 0; waited < 8000; waited += 50) {
        if (get(key).connectionState === 'connected') {
          return true;
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      return false;
    },
    async channelOpen(key) {
      const channel = channels.get(key);
      for (let waited = 0; channel.readyState !== 'open'; waited += 50) {
        if (waited > 8000) {
          throw new Error(`the data channel is ${channel.readyState}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    ask(key, message) {
      const channel = channels.get(key);
      const transaction = `d${++asked}`;
      return new Promise((resolve) => {
        const finish = (answers) => {
          clearTimeout(timer);
          channel.removeEventListener('message', listen);
          resolve(answers);
        };
        const listen = ({ data }) => {
          const answer = JSON.parse(data);
          if (answer.transaction === transaction) {
            finish([answer]);
          }
        };
        const timer = setTimeout(() => finish([]), 3000);
        channel.addEventListener('message', listen);
        channel.send(JSON.stringify({ transaction, ...message }));
      });
    },
    heard: (key) => heard.get(key).splice(0),
    close(key) {
      channels.delete(key);
      heard.delete(key);
      get(key).close();
      all.delete(key);
    },
  };
}

/** @returns `peer()` for a new connection, and `close()`. */
export async function startBrowserPeers({ args } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'cardea-page-'));
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>peers</title>');
  const pages = await serveStatic(folder, {});
  const browser = await launchChromium({ args });
  const page = await browser.newPage();
  await page.goto(pages.url);
  await page.evaluate(installPeers);
  let count = 0;
  return {
    peer: () => new BrowserPeer(page, `peer${++count}`),
    async close() {
      await browser.close();
      await pages.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
