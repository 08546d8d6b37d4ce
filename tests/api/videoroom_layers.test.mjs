// VideoRoom over the whole server: which layers of a picture each viewer gets, and what it is told of them.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { startServer } from '../support/server.mjs';
import { Crowds, received, until } from '../support/videoroom_people.mjs';

const crowds = new Crowds(400);
const sizes = [135, 270, 540];
const sendEncodings = ['h', 'm', 'l'].map((rid, place) => ({
  rid,
  scaleResolutionDownBy: 2 ** place,
}));
// WebRTC leaves layers out of smaller pictures.
const picture = { width: 960, height: 540, fps: 10, sendEncodings };
let server;
let room;

before(async () => {
  server = await startServer();
});
afterEach(async () => {
  await crowds.leave();
});
after(async () => {
  await server?.stop();
});

async function crowd(count, options = {}) {
  const all = await crowds.meet(server.websocketUrl, count, options);
  room = crowds.room;
  return all;
}

const sees = (viewer, height) =>
  until(
    `a picture of ${height} lines`,
    async () => (await received(viewer.pc, 'video')).height === height,
  );

test('each viewer gets the layer it asks for, and is told when it changes', async () => {
  const [ann, bob, cem] = await crowd(3);
  await ann.publish(room, [picture]);
  await bob.join(room);
  const low = await bob.watch(room, [{ feed: ann.id, substream: 0 }]);
  const high = await cem.watch(room, [{ feed: ann.id }]);
  await Promise.all([sees(low, sizes[0]), sees(high, sizes[2])]);
  await bob.hear((data) => data.substream === 0, low.handle);
  await cem.hear((data) => data.substream === 2, high.handle);

  for (const substream of [1, 2, 0]) {
    await bob.do(
      { request: 'configure', streams: [{ mid: '0', substream }] },
      { handle: low.handle },
    );
    const told = await bob.hear((data) => data.substream === substream, low.handle);
    assert.equal(told.mid, '0');
    await sees(low, sizes[substream]);
  }
  assert.equal((await received(high.pc, 'video')).height, sizes[2]);
});

test('simulcast is said in `streams`, and a stream without it has no layers', async () => {
  const [ann, bob] = await crowd(2);
  await bob.join(room);
  await ann.publish(room, ['audio', picture]);
  const { publishers } = await bob.hear((data) => data.publishers);
  assert.deepEqual(
    publishers[0].streams.map(({ simulcast }) => simulcast),
    [undefined, true],
  );
  const viewer = await bob.watch(room, [{ feed: ann.id, mid: '0' }]);
  await viewer.flows('0');
  assert.deepEqual(bob.heard(viewer.handle), []);
});
