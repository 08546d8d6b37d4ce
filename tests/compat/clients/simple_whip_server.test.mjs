// Debian's simple-whip-server works unchanged with the server as its Janus: npm's client publishes through it into a
// room, it forwards what is published as RTP, restarts ICE, and ends.
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { existsSync } from 'node:fs';
import { cp, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { freePorts, startProcess, temporaryFolder } from '../../support/process.mjs';
import { repository } from '../../support/server.mjs';
import { startTarget } from '../../support/target.mjs';
import { assertPublishes } from '../../support/whip_publish.mjs';

const unpacked = join(repository, 'build/debian/simple-whip-server');
const room = 1234;
const ends = [];

let target;
let folder;
let whip;
let base;

before(async () => {
  assert.ok(existsSync(unpacked), 'no simple-whip-server; run scripts/install-deps');
  target = await startTarget();
  folder = await temporaryFolder('whip');
  await cp(unpacked, folder.path, { recursive: true, filter: (path) => !path.endsWith('config.js') });
  const [port] = await freePorts(1);
  const config = { janus: { address: target.websocketUrl }, port, rest: '/whip', allowTrickle: true };
  await writeFile(join(folder.path, 'src/config.js'), `module.exports = ${JSON.stringify(config)};\n`);
  whip = startProcess('node', ['src/server.js'], {
    cwd: folder.path,
    env: { NODE_PATH: join(repository, 'node_modules') },
  });
  await whip.waitFor(/prototype started/);
  base = `http://127.0.0.1:${port}/whip`;
});

after(async () => {
  ends.forEach((end) => end());
  await whip?.stop();
  await folder?.remove();
  await target?.stop();
});

async function forwardReceiver() {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  ends.push(() => socket.close());
  return socket;
}

test('it publishes into a room, and forwards', { timeout: 60_000 }, async () => {
  const [audio, video] = [await forwardReceiver(), await forwardReceiver()];
  const forwarded = Promise.all([audio, video].map((socket) => once(socket, 'message')));
  const made = await fetch(`${base}/create`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      id: 'stage',
      room,
      recipient: {
        host: '127.0.0.1',
        audioPort: audio.address().port,
        videoPort: video.address().port,
      },
    }),
  });
  assert.equal(made.status, 200);
  await assertPublishes({
    websocketUrl: target.websocketUrl,
    endpoint: `${base}/endpoint/stage`,
    room,
    ends,
    async whilePublished() {
      for (const [packet] of await forwarded) {
        assert.equal(packet[0] >> 6, 2, 'RTP');
      }
    },
  });
});
