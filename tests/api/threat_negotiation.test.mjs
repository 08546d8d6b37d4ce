// Storms and glare of offers and answers on one handle (threat M9), and candidates that are names (I3).
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { after, before, test } from 'node:test';
import { publisherOffer } from '../bench/sdp.mjs';
import { JanusClient } from '../support/janus_client.mjs';
import { assertHealthy } from '../support/metrics.mjs';
import { startServer } from '../support/server.mjs';
import { Crowds, until, received } from '../support/videoroom_people.mjs';
import { answer } from '../support/wrtc_peer.mjs';

let server;
const crowds = new Crowds(300);
before(async () => {
  server = await startServer({ env: { CARDEA_LIMITS_ENABLED: 'no' } });
});
after(async () => {
  await crowds.leave();
  await server?.stop();
});

const ice = (ufrag) => ({
  ufrag,
  pwd: 'abcdefghijklmnopqrstuvwx',
  fingerprint: `sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}`,
  ip: '127.0.0.1',
  port: 9,
});
const offerOf = (ufrag) =>
  publisherOffer(ice(ufrag), { audioSsrc: 1, videoSsrc: 2 }).replaceAll('a=sendonly', 'a=sendrecv');

test('M9: a storm of offers and restarts on one handle is answered one by one, in order', async () => {
  const janus = await JanusClient.connect(server.websocketUrl);
  const session = await janus.createSession();
  const handle = await janus.attach(session, 'janus.plugin.echotest');
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, i) =>
      // Every second one restarts ICE.
      janus.message(session, handle, { audio: true }, { type: 'offer', sdp: offerOf(`user${i >> 1}`) }),
    ),
  );
  const sdps = answers.map((one) => one.jsep?.sdp);
  assert.ok(sdps.every(Boolean), JSON.stringify(answers.find((one) => !one.jsep)));
  const versions = sdps.map((sdp) => Number(sdp.match(/^o=\S+ \d+ (\d+)/m)[1]));
  assert.deepEqual(versions, [...versions].sort((a, b) => a - b), 'versions rise');
  assert.equal(new Set(versions).size, versions.length);
  const ufrags = sdps.map((sdp) => sdp.match(/a=ice-ufrag:(\S+)/)[1]);
  assert.equal(new Set(ufrags).size, 100, 'new credentials for each restart, and only then');
  await janus.close();
  await assertHealthy(server);
});

test('I3: candidates with names of mDNS are acknowledged at once and looked up nowhere', async () => {
  const janus = await JanusClient.connect(server.websocketUrl);
  const session = await janus.createSession();
  const handle = await janus.attach(session, 'janus.plugin.echotest');
  await janus.message(session, handle, { audio: true }, { type: 'offer', sdp: offerOf('names') });
  const began = performance.now();
  const replies = await Promise.all(
    Array.from({ length: 100 }, (_, i) =>
      janus.request({
        janus: 'trickle',
        session_id: session,
        handle_id: handle,
        candidate: {
          sdpMid: '0',
          sdpMLineIndex: 0,
          candidate: `candidate:${i} 1 udp 2113937151 ${crypto.randomUUID()}.local ${5000 + i} typ host`,
        },
      }),
    ),
  );
  const ms = performance.now() - began;
  assert.ok(replies.every((one) => one.janus === 'ack'), JSON.stringify(replies[0]));
  assert.ok(ms < 2000, `${ms} ms`);
  await janus.close();
  await assertHealthy(server);
});

test('M9: what crosses an offer of ours is not answered, and the call goes on', async () => {
  const [ann, bob] = await crowds.meet(server.websocketUrl, 2);
  await ann.publish(crowds.room);
  const handle = await bob.attach();
  const streams = [{ feed: ann.id }];
  const joined = await bob.do({ request: 'join', ptype: 'subscriber', room: crowds.room, streams }, { handle });
  const pc = bob.connection();
  const jsep = await answer(pc, joined.jsep);
  const say = (body, description) => bob.janus.message(bob.session, handle, body, description, 20_000);
  const offers = async (ufrag) => {
    const got = await say({ request: 'configure' }, { type: 'offer', sdp: offerOf(ufrag) });
    assert.equal(got.jsep, undefined, JSON.stringify(got));
  };
  await offers('glare');
  await bob.do({ request: 'start' }, { handle, jsep });
  await bob.told('webrtcup', handle);
  const flows = async () => {
    const { packets } = await received(pc, 'video');
    await until('more video', async () => (await received(pc, 'video')).packets > packets + 5);
  };
  await flows();
  for (let i = 0; i < 20; ++i) {
    const got = await say({ request: 'start' }, jsep);
    assert.ok(got.error?.code >= 400, `an answer to nothing: ${JSON.stringify(got)}`);
    await offers(`late${i}`);
  }
  await flows();
  await assertHealthy(server);
});
