// Two Chromiums see each other over one kind of network only: the server's other candidates are hidden from them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startBrowserPeers } from '../compat/contract/support/browser_peers.mjs';
import { startServer } from '../support/server.mjs';
import { Person, until } from '../support/videoroom_people.mjs';

let server;
let browsers = [];
before(async () => {
  server = await startServer({ env: { CARDEA_MEDIA_ADDRESS: '127.0.0.1, ::1' } });
  browsers = await Promise.all([startBrowserPeers(), startBrowserPeers()]);
});
after(async () => {
  await Promise.all(browsers.map((browser) => browser.close()));
  await server?.stop();
});

const candidatesOf = ({ sdp }) => sdp.split('\r\n').filter((line) => line.startsWith('a=candidate:'));

/** The description with those of its candidates that fit. */
function only(fits, jsep) {
  const lines = jsep.sdp.split('\r\n');
  const kept = lines.filter((line) => !line.startsWith('a=candidate:') || fits(line));
  assert.ok(kept.length < lines.length, `nothing to hide in ${candidatesOf(jsep)}`);
  assert.ok(kept.some((line) => line.startsWith('a=candidate:')), `nothing left of ${candidatesOf(jsep)}`);
  return { ...jsep, sdp: kept.join('\r\n') };
}

/** Publishes from a browser. @returns the person, with `peer`. */
async function publish(browser, room, fits) {
  const person = await Person.connect(server.websocketUrl);
  const peer = browser.peer();
  const body = { request: 'joinandconfigure', ptype: 'publisher', room };
  const data = await person.do(body, { jsep: await peer.offer(['audio', 'video']) });
  await peer.accept(only(fits, data.jsep));
  await person.told('webrtcup');
  return { person, peer, browser, id: data.id };
}

async function watch({ person, browser }, room, feed, fits) {
  const handle = await person.attach();
  const joined = await person.do({ request: 'join', ptype: 'subscriber', room, streams: [{ feed }] }, { handle });
  const peer = browser.peer();
  const jsep = await peer.answer(only(fits, joined.jsep));
  await person.do({ request: 'start' }, { handle, jsep });
  return peer;
}

async function flows(peer) {
  const look = async () => {
    const { audio, video } = await peer.inbound();
    return audio?.packetsReceived > 50 && video?.framesDecoded > 10;
  };
  await until('media', look);
}

/** Addresses and protocols of the server that the page's connections talk with. */
const remotes = ({ page }) =>
  page.evaluate(async () => {
    const found = [];
    for (const pc of window.testConnections.filter((one) => one.connectionState !== 'closed')) {
      const stats = await pc.getStats();
      for (const pair of stats.values()) {
        if (pair.type === 'candidate-pair' && pair.nominated) {
          const { address, protocol } = stats.get(pair.remoteCandidateId);
          found.push(`${protocol} ${address}`);
        }
      }
    }
    return found;
  });

async function seeEachOther(room, fits, expected) {
  const host = await Person.connect(server.websocketUrl);
  await host.do({ request: 'create', room });
  const ann = await publish(browsers[0], room, fits);
  const bob = await publish(browsers[1], room, fits);
  const views = [await watch(ann, room, bob.id, fits), await watch(bob, room, ann.id, fits)];
  await Promise.all(views.map(flows));
  for (const { peer } of [ann, bob]) {
    assert.deepEqual([...new Set(await remotes(peer))], [expected]);
  }
  await Promise.all([...views, ann.peer, bob.peer].map((peer) => peer.close()));
  await Promise.all([host, ann.person, bob.person].map((person) => person.close()));
}

test('by IPv6 only', () => seeEachOther(1, (line) => / udp \d+ ::1 /.test(line), 'udp ::1'));

test('by IPv4 only, from the same port', () =>
  seeEachOther(2, (line) => / udp \d+ 127\.0\.0\.1 /.test(line), 'udp 127.0.0.1'));
