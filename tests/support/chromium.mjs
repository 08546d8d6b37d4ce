// Debian's Chromium with fake devices, and a look into the pages' WebRTC connections.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const flags = [
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--allow-loopback-in-peer-connection',
  '--autoplay-policy=no-user-gesture-required',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  // Several pages are watched at once; those in the background must go on at full speed.
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
];

/**
 * Starts a browser with a new profile.
 * @param {{args?: string[], allowDevices?: boolean}} options more flags; `allowDevices: false` blocks camera and
 *   microphone in every page, as a user can.
 * @returns {{browser, newPage: (options?: object) => Promise<import('playwright-core').Page>, close: () => Promise<void>}}
 *   each page has a context of its own, as if it were another person's window.
 */
export async function launchChromium({ args = [], allowDevices = true } = {}) {
  const profile = await mkdtemp(join(tmpdir(), 'cardea-chromium-'));
  const base = allowDevices ? flags : flags.filter((flag) => !flag.startsWith('--use-fake-ui'));
  let browser;
  try {
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [...base, ...args],
      env: { ...process.env, HOME: profile, XDG_CONFIG_HOME: profile, XDG_CACHE_HOME: profile },
    });
  } catch (error) {
    await rm(profile, { recursive: true, force: true });
    throw error;
  }
  return {
    browser,
    async newPage(options = {}) {
      const context = await browser.newContext({
        permissions: allowDevices ? ['camera', 'microphone'] : [],
        ...options,
      });
      await context.addInitScript(collectConnections);
      const page = await context.newPage();
      page.messages = [];
      page.on('console', (message) => page.messages.push(`${message.type()}: ${message.text()}`));
      page.on('pageerror', (error) => page.messages.push(`pageerror: ${error.stack ?? error}`));
      return page;
    },
    async close() {
      await browser.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

// Runs in the page: keeps a list of its connections, which the pages themselves do not expose.
function collectConnections() {
  const Original = window.RTCPeerConnection;
  window.testConnections = [];
  window.RTCPeerConnection = class extends Original {
    constructor(...args) {
      super(...args);
      window.testConnections.push(this);
    }
  };
}

/**
 * What a page receives, one entry per inbound stream of its open connections.
 * @returns {Promise<{connection: number, kind: string, mid: string, packetsReceived: number, framesDecoded: number,
 *   frameWidth: number, totalAudioEnergy: number, bytesReceived: number}[]>}
 */
export function inboundStreams(page) {
  return page.evaluate(async () => {
    const all = [];
    for (const [connection, peer] of window.testConnections.entries()) {
      if (peer.connectionState === 'closed') {
        continue;
      }
      for (const stats of (await peer.getStats()).values()) {
        if (stats.type === 'inbound-rtp') {
          const { kind, mid, packetsReceived, bytesReceived } = stats;
          const { framesDecoded = 0, frameWidth = 0, totalAudioEnergy = 0 } = stats;
          const rest = { framesDecoded, frameWidth, totalAudioEnergy };
          all.push({ connection, kind, mid, packetsReceived, bytesReceived, ...rest });
        }
      }
    }
    return all;
  });
}

/** Sum of one counter over the page's inbound streams of a kind. */
export async function inboundTotal(page, kind, counter) {
  const streams = await inboundStreams(page);
  return streams
    .filter((stream) => stream.kind === kind)
    .reduce((sum, stream) => sum + stream[counter], 0);
}
