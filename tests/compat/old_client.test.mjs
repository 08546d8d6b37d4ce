// The sequence of an old client, and of the server beside it, with real media: signed tokens on everything, legacy
// subscriptions (one handle for each feed), a layer chosen by hand, ICE restarts, and a session claimed on a new
// connection; rooms made and looked at through the Admin API.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import { JanusClient } from '../support/janus_client.mjs';
import { sleep } from '../support/process.mjs';
import { startTarget } from '../support/target.mjs';
import { startBrowserPeers } from './contract/support/browser_peers.mjs';

const plugin = 'janus.plugin.videoroom';
const tokenSecret = 'between the servers';
const room = 5150;

function sign(words, expires = Math.floor(Date.now() / 1000) + 3600) {
  const text = [expires, 'janus', ...words].join(',');
  return `${text}:${createHmac('sha1', tokenSecret).update(text).digest('base64')}`;
}

const token = sign([plugin]);

let target;
let peers;

before(async () => {
  target = await startTarget({ tokenSecret });
  // Three sizes of a small picture; without this the browser leaves the small ones out.
  peers = await startBrowserPeers({
    args: ['--force-fieldtrials=WebRTC-LegacySimulcastLayerLimit/Disabled/'],
  });
});

after(async () => {
  await peers?.close();
  await target?.stop();
});

/** The server's side: one request to the Admin API over HTTP, as old back ends send it. */
async function askAdmin(members, path = '') {
  const body = { transaction: 'a', admin_secret: target.adminSecret, token, ...members };
  const url = `${target.adminApiUrl}${path}`;
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  return answer.json();
}

async function askPlugin(request) {
  const answer = await askAdmin({ janus: 'message_plugin', plugin, request });
  assert.equal(answer.janus, 'success', JSON.stringify(answer));
  return answer.response;
}

/** The old client: its token goes with every request. */
class OldClient {
  static async connect() {
    const client = new OldClient();
    client.janus = await JanusClient.connect(target.websocketUrl);
    return client;
  }

  ask(message) {
    return this.janus.request({ token, ...message });
  }

  async start() {
    this.session = (await this.ask({ janus: 'create' })).data.id;
    return this;
  }

  async attach() {
    const answer = await this.ask({ janus: 'attach', session_id: this.session, plugin });
    return answer.data.id;
  }

  /** @returns the plugin's data with its JSEP. */
  async message(handle, body, jsep) {
    const transaction = `m${(this.count = (this.count ?? 0) + 1)}`;
    const message = { janus: 'message', session_id: this.session, handle_id: handle, body, transaction };
    const first = await this.ask({ ...message, ...(jsep && { jsep }) });
    const is = (one) => one.transaction === transaction && one.janus !== 'ack';
    const answer = is(first) ? first : await this.janus.next(is);
    assert.ok(answer.plugindata, JSON.stringify(answer));
    const { data } = answer.plugindata;
    assert.equal(data.error, undefined);
    return { ...data, jsep: answer.jsep };
  }
}

async function until(what, look) {
  for (let tries = 0; ; tries += 1) {
    const seen = await look();
    if (seen) {
      return seen;
    }
    assert.ok(tries < 150, what);
    await sleep(100);
  }
}

const decoded = async (peer) => (await peer.inbound()).video?.framesDecoded ?? 0;

/** Waits until more frames are decoded than now. */
async function assertGoesOn(peer, what) {
  const now = await decoded(peer);
  await until(what, async () => (await decoded(peer)) > now + 10);
}

async function publish(client, handle, peer, body) {
  const { jsep } = await client.message(handle, body, await peer.offerSimulcast());
  await peer.accept(jsep);
  assert.ok(await peer.connected());
}

async function watch(client, feed) {
  const handle = await client.attach();
  const offered = await client.message(handle, { request: 'join', room, ptype: 'subscriber', feed });
  assert.equal(offered.videoroom, 'attached');
  const peer = peers.peer();
  const started = await client.message(
    handle, { request: 'start', room }, await peer.answer(offered.jsep),
  );
  assert.equal(started.started, 'ok');
  assert.ok(await peer.connected());
  return { handle, peer };
}

test('without a token that is good for the plugin nothing is done', { timeout: 20_000 }, async () => {
  const client = await OldClient.connect();
  const refused = async (members, code) => {
    const answer = await client.janus.request(members);
    assert.equal(answer.error?.code, code, JSON.stringify(answer));
  };
  await refused({ janus: 'create' }, 403);
  await refused({ janus: 'create', token: sign([plugin], 1_000_000_000) }, 403);
  await refused({ janus: 'create', token: `${token}x` }, 403);
  await client.start();
  await refused({
    janus: 'attach', session_id: client.session, plugin, token: sign(['janus.plugin.echotest']),
  }, 405);
  await client.janus.close();
});

test('the whole sequence', { timeout: 90_000 }, async () => {
  const made = await askPlugin({
    request: 'create', room, description: 'Old', publishers: 6, bitrate: 1_000_000, secret: 's',
  });
  assert.equal(made.videoroom, 'created');
  assert.equal((await askPlugin({ request: 'exists', room })).exists, true);
  assert.ok((await askPlugin({ request: 'list' })).list.some((one) => one.room === room));

  const ann = await (await OldClient.connect()).start();
  const bea = await (await OldClient.connect()).start();
  const annHandle = await ann.attach();
  const beaHandle = await bea.attach();
  const joined = await ann.message(annHandle, {
    request: 'join', room, ptype: 'publisher', display: 'Ann',
  });
  await bea.message(beaHandle, { request: 'join', room, ptype: 'publisher', display: 'Bea' });
  const annPeer = peers.peer();
  await publish(ann, annHandle, annPeer, { request: 'configure', audio: true, video: true });
  const told = await bea.janus.next((one) => one.plugindata?.data.publishers?.length > 0);
  assert.equal(told.plugindata.data.publishers[0].display, 'Ann');
  const { participants } = await askPlugin({ request: 'listparticipants', room });
  assert.deepEqual(participants.map((one) => one.display).sort(), ['Ann', 'Bea']);

  const feed = await watch(bea, joined.id);
  await assertGoesOn(feed.peer, 'Bea sees Ann');
  const tall = async () => (await feed.peer.inbound()).video?.frameHeight;
  // Debian's janus may keep the old layer when the wishes come quickly.
  await sleep(1000);
  for (const [substream, height] of [[0, 120], [2, 480]]) {
    await bea.message(feed.handle, { request: 'configure', substream });
    await until(`substream ${substream}`, async () => (await tall()) === height);
    await sleep(1000);
  }

  const again = await ann.message(
    annHandle, { request: 'configure', audio: true, video: true }, await annPeer.restart(),
  );
  await annPeer.accept(again.jsep);
  await assertGoesOn(feed.peer, 'after the restart of the publisher');
  const restarted = await bea.message(feed.handle, { request: 'configure', restart: true });
  await bea.message(feed.handle, { request: 'start' }, await feed.peer.answer(restarted.jsep));
  await assertGoesOn(feed.peer, 'after the restart of the subscriber');

  // Bea's connection breaks; media goes on, and the session is claimed.
  const { session } = bea;
  await bea.janus.close();
  const back = await OldClient.connect();
  back.session = session;
  assert.equal((await back.ask({ janus: 'claim', session_id: session })).janus, 'success');
  await assertGoesOn(feed.peer, 'after the claim');

  await ann.message(annHandle, { request: 'unpublish' });
  const gone = await back.janus.next((one) => one.plugindata?.data.unpublished === joined.id);
  assert.equal(gone.sender, beaHandle);
  await back.message(beaHandle, { request: 'leave' });

  assert.equal((await askPlugin({ request: 'destroy', room, secret: 's' })).videoroom, 'destroyed');
  const ended = await askAdmin({ janus: 'destroy_session', session_id: session }, `/${session}`);
  assert.equal(ended.janus, 'success');
  const none = await back.ask({ janus: 'keepalive', session_id: session });
  assert.equal(none.error.code, 458);
  for (const client of [ann, back]) {
    await client.janus.close();
  }
  await annPeer.close();
  await feed.peer.close();
});
