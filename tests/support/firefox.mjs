// Debian's Firefox with fake devices, driven over WebDriver BiDi (playwright needs a Firefox of its own).
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer from 'puppeteer-core';

const preferences = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'media.peerconnection.ice.loopback': true,
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  'media.autoplay.default': 0,
  'media.gmp-manager.updateEnabled': false,
  'app.update.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
};

/**
 * @returns {Promise<{browser, newPage: () => Promise<import('puppeteer-core').Page>, close: () => Promise<void>}>}
 *   each page keeps what its console says in `messages`, and its connections as pages of chromium.mjs do.
 */
export async function launchFirefox() {
  const home = await mkdtemp(join(tmpdir(), 'cardea-firefox-'));
  let browser;
  try {
    browser = await puppeteer.launch({
      browser: 'firefox',
      executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr',
      headless: true,
      extraPrefsFirefox: preferences,
      env: { ...process.env, HOME: home },
    });
  } catch (error) {
    await rm(home, { recursive: true, force: true });
    throw error;
  }
  return {
    browser,
    async newPage() {
      const page = await browser.newPage();
      await page.setViewport({ width: 1280, height: 1000 });
      await page.evaluateOnNewDocument(collectConnections);
      page.messages = [];
      page.on('console', (message) => page.messages.push(`${message.type()}: ${message.text()}`));
      page.on('pageerror', (error) => page.messages.push(`pageerror: ${error.stack ?? error}`));
      return page;
    },
    async close() {
      await browser.close();
      await rm(home, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

// Runs in the page.
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
