// VideoRoom's recordings over the whole server: which files appear where, what is in them, and when they end.
import assert from 'node:assert/strict';
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { temporaryFolder } from '../support/process.mjs';
import { parseRtp } from '../support/rtp_ear.mjs';
import { startServer } from '../support/server.mjs';
import { Crowds, until } from '../support/videoroom_people.mjs';

const secret = 'of the room';
const crowds = new Crowds(300);
let server, folder;
let room;

before(async () => {
  folder = await temporaryFolder('recordings');
  server = await startServer({ env: { CARDEA_GENERAL_RECORDINGS: folder.path } });
});
afterEach(async () => {
  await crowds.leave();
});
after(async () => {
  await server?.stop();
  await folder?.remove();
});

async function crowd(count, options = {}) {
  const all = await crowds.meet(server.websocketUrl, count, { secret, ...options });
  room = crowds.room;
  return all;
}

async function files(of = '') {
  const names = await readdir(join(folder.path, of)).catch(() => []);
  return names.filter((name) => name.endsWith('.mjr')).sort();
}

/** The parts of a recording: its header, and the RTP packets. */
async function parts(name) {
  const bytes = await readFile(join(folder.path, name));
  const out = [];
  for (let at = 0; at + 10 <= bytes.length;) {
    const mark = bytes.toString('latin1', at, at + 8);
    // The header of the file has no time of arrival; packets have four bytes of it within the mark.
    const size = bytes.readUInt16BE(at + 8);
    out.push({ mark, body: bytes.subarray(at + 10, at + 10 + size) });
    at += 10 + size;
  }
  const [header, ...packets] = out;
  assert.equal(header.mark, 'MJR00002');
  assert.ok(packets.every(({ mark }) => mark.startsWith('MEET')));
  return { header: JSON.parse(header.body), packets: packets.map(({ body }) => parseRtp(body)) };
}

const size = async (name) => (await stat(join(folder.path, name))).size;

/** Waits until a file holds this many packets. */
const grows = (name, packets = 10) =>
  until(
    `a longer ${name}`,
    async () => (await parts(name).catch(() => ({ packets: [] }))).packets.length >= packets,
  );

async function rests(name) {
  await until(`the end of ${name}`, async () => {
    const before = await size(name);
    await new Promise((resolve) => setTimeout(resolve, 500));
    return (await size(name)) === before;
  });
}

test('a room that records makes a file of each stream, with what the publisher sends', async () => {
  const [ann] = await crowd(1, { record: true, rec_dir: 'whole' });
  await ann.publish(room, ['audio', 'video'], { filename: 'ann' });
  await until('two files', async () => (await files('whole')).length === 2);
  assert.deepEqual(await files('whole'), ['ann-audio-0.mjr', 'ann-video-1.mjr']);
  await Promise.all([grows('whole/ann-audio-0.mjr'), grows('whole/ann-video-1.mjr')]);
  await ann.do({ request: 'leave' });
  await rests('whole/ann-video-1.mjr');

  const audio = await parts('whole/ann-audio-0.mjr');
  assert.equal(audio.header.t, 'a');
  assert.equal(audio.header.c, 'opus');
  assert.equal(new Set(audio.packets.map(({ ssrc }) => ssrc)).size, 1);
  const video = await parts('whole/ann-video-1.mjr');
  assert.deepEqual([video.header.t, video.header.c], ['v', 'vp8']);
});

test('a publisher begins and ends its own recording, again and again', async () => {
  const [ann] = await crowd(1, { rec_dir: 'own' });
  await ann.publish(room, ['audio']);
  assert.deepEqual(await files('own'), []);
  for (const filename of ['first', 'second']) {
    await ann.do({ request: 'configure', record: true, filename });
    await grows(`own/${filename}-audio-0.mjr`);
    await ann.do({ request: 'configure', record: false });
    await rests(`own/${filename}-audio-0.mjr`);
  }
  assert.deepEqual(await files('own'), ['first-audio-0.mjr', 'second-audio-0.mjr']);
});

test('enable_recording is for everybody, who comes later too', async () => {
  const [ann, bob] = await crowd(2, { rec_dir: 'all' });
  await ann.publish(room, ['audio'], { filename: 'ann' });
  const enable = (record, key = secret) =>
    ann.ask({ request: 'enable_recording', room, secret: key, record });
  assert.equal((await enable(true, 'wrong')).error_code, 433);
  assert.equal((await enable(true)).record, true);
  await bob.publish(room, ['audio'], { filename: 'bob' });
  await Promise.all(['ann', 'bob'].map((name) => grows(`all/${name}-audio-0.mjr`)));
  await enable(false);
  await Promise.all(['ann', 'bob'].map((name) => rests(`all/${name}-audio-0.mjr`)));
});

test('where recording is locked a publisher needs the secret', async () => {
  const [ann] = await crowd(1, { rec_dir: 'locked', lock_record: true });
  await ann.publish(room, ['audio']);
  await ann.do({ request: 'configure', record: true, filename: 'no' });
  await ann.do({ request: 'configure', record: true, filename: 'yes', secret });
  await grows('locked/yes-audio-0.mjr');
  assert.deepEqual(await files('locked'), ['yes-audio-0.mjr']);
  await ann.do({ request: 'configure', record: false });
  const before = await size('locked/yes-audio-0.mjr');
  await until('it goes on', async () => (await size('locked/yes-audio-0.mjr')) > before);
});

test('a stream that is added while recording goes to a file of its own', async () => {
  const [ann] = await crowd(1, { record: true, rec_dir: 'later' });
  const pc = await ann.publish(room, ['audio'], { filename: 'ann' });
  await grows('later/ann-audio-0.mjr');
  ann.send(pc, 'video');
  await ann.offer(pc, { request: 'configure' });
  await grows('later/ann-video-1.mjr');
  await grows('later/ann-audio-0.mjr', 30);
});

test('a name that leads out of the folder is not followed', async () => {
  const [ann] = await crowd(1, { rec_dir: 'inside' });
  await ann.publish(room, ['audio']);
  await ann.do({ request: 'configure', record: true, filename: '../../outside' });
  await ann.do({ request: 'configure', record: false });
  await ann.do({ request: 'configure', record: true, filename: 'good' });
  await grows('inside/good-audio-0.mjr');
  assert.deepEqual(await files('..'), []);
  const bad = await ann.ask({ request: 'create', room: 999, rec_dir: '../outside' });
  assert.equal(bad.error_code, 430);
});
