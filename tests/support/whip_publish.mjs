// One whole life of a WHIP publisher as npm's client does it, whoever answers at the endpoint: a viewer of the room
// gets it, ICE restarts, and the room sees the end.
import assert from 'node:assert/strict';
import { WHIPClient } from 'whip-whep/whip.js';
import { JanusClient } from './janus_client.mjs';
import {
  RTCPeerConnection,
  answer,
  audioSource,
  heardOrSeen,
  reaches,
  videoSource,
} from './wrtc_peer.mjs';

const plugin = 'janus.plugin.videoroom';

/** A connection that will send sound and pictures. `ends` gets what is to be called when the test has ended. */
export function sender(ends) {
  const pc = new RTCPeerConnection();
  const [audio, video] = [audioSource(), videoSource()];
  pc.addTransceiver(audio.track, { direction: 'sendonly' });
  pc.addTransceiver(video.track, { direction: 'sendonly' });
  ends.push(() => {
    audio.stop();
    video.stop();
    pc.close();
  });
  return pc;
}

/** Subscribes to a feed. @returns its two tracks. */
async function watch(janus, session, room, feed, ends) {
  const viewer = new RTCPeerConnection();
  ends.push(() => viewer.close());
  const received = new Promise((resolve) => {
    const tracks = [];
    viewer.ontrack = ({ track }) => {
      if (tracks.push(track) === 2) {
        resolve(tracks);
      }
    };
  });
  const handle = await janus.attach(session, plugin);
  const attached = await janus.message(session, handle, {
    request: 'join',
    ptype: 'subscriber',
    room,
    streams: [{ feed }],
  });
  await janus.message(session, handle, { request: 'start' }, await answer(viewer, attached.jsep));
  return received;
}

/**
 * @param {{websocketUrl: string, endpoint: string, room: number, ends: Function[], whilePublished?: Function}} options
 *   `whilePublished` is called while media flows.
 */
export async function assertPublishes({
  websocketUrl,
  endpoint,
  room,
  ends,
  whilePublished = () => {},
}) {
  const janus = await JanusClient.connect(websocketUrl);
  const session = await janus.createSession();
  const watcher = await janus.attach(session, plugin);
  const joined = await janus.message(session, watcher, { request: 'join', ptype: 'publisher', room });
  assert.equal(joined.plugindata.data.videoroom, 'joined');

  const pc = sender(ends);
  pc.restartIce ??= () => {};
  const whip = new WHIPClient();
  await whip.publish(pc, endpoint);
  await reaches(pc, 'connectionState', 'connected');
  const news = await janus.next(
    (message) => message.plugindata?.data.publishers?.length > 0,
    20_000,
  );
  const feed = news.plugindata.data.publishers[0].id;
  const tracks = await watch(janus, session, room, feed, ends);
  const flows = () => Promise.all(tracks.map((track) => heardOrSeen(track)));
  await flows();
  await whilePublished();

  const before = whip.etag;
  await whip.restart();
  assert.notEqual(whip.etag, before);
  await reaches(pc, 'connectionState', 'connected');
  await flows();

  await whip.stop();
  await janus.next((message) => message.plugindata?.data.leaving === feed, 20_000);
  const list = await janus.message(session, watcher, { request: 'listparticipants', room });
  assert.equal(list.plugindata.data.participants.length, 1);
  await janus.close();
}
