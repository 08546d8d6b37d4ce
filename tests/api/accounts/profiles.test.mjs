// Profiles, discovery, the list of people, settings, pictures, blocks.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, after, test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { ask, forEachStore, isProblem, register } from '../../support/accounts.mjs';
import { device } from '../../support/live_client.mjs';
import { temporaryFolder } from '../../support/process.mjs';

const large = 'x'.repeat(600);
const profile = (more = {}) => ({
  name: 'Ann Other',
  description: 'Makes trains run on time',
  expertise: { Rust: 5, 'C++ 20': 3, 'machine learning': 2 },
  compute: { gpu: 'none', cores: 8 },
  p2p_uri_hint: 'node://ann',
  ...more,
});

let folder;
before(async () => {
  folder = await temporaryFolder('pictures');
});
after(() => folder.remove());

/** A picture of `size`, made by ffmpeg, for example "a.png". */
async function picture(name, size = '300x200') {
  const path = join(folder.path, name);
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', `testsrc=size=${size}`, '-frames:v', '1', path]);
  return readFile(path);
}

/** A PNG that claims a size, with nothing much in it. */
function claimedPng(width, height) {
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    return Buffer.concat([length, body, Buffer.alloc(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', header), chunk('IDAT', deflateSync(Buffer.alloc(100))), chunk('IEND', Buffer.alloc(0))]);
}

forEachStore({}, (store) => {
  const call = (who, method, path, body) => ask(store.server, method, path, { token: who?.access_token, body });
  const newcomer = () => register(store.server);
  const upload = async (who, body, type) => {
    const answer = await fetch(`${store.server.httpUrl}/api/v1/users/me/avatar`, {
      method: 'POST',
      body,
      headers: { 'Content-Type': type, Authorization: `Bearer ${who.access_token}` },
    });
    return { status: answer.status, text: await answer.text() };
  };

  test('PRO-01 a profile is there once it was put, and is replaced whole', async () => {
    const ann = await newcomer();
    isProblem(await call(ann, 'GET', '/profile'), 404, 'no_profile');
    const put = await call(ann, 'PUT', '/profile', profile());
    assert.equal(put.status, 200, put.text);
    assert.ok(Math.abs(put.body.updated_at - Date.now() / 1000) < 60);
    const { updated_at, node_id, ...rest } = put.body;
    assert.deepEqual(rest, { ...profile(), user_id: ann.user.id, privacy: { public: true, discoverable: true, show_compute: true } });
    assert.deepEqual((await call(ann, 'GET', '/profile')).body, put.body);
    const less = await call(ann, 'PUT', '/profile', { name: 'Ann' });
    assert.deepEqual([less.body.description, less.body.expertise, less.body.compute, less.body.p2p_uri_hint], ['', {}, {}, '']);
    isProblem(await call(undefined, 'GET', '/profile'), 401, 'unauthorized');
  });

  test('PRO-01 what is out of bounds is refused and changes nothing', async () => {
    const ann = await newcomer();
    await call(ann, 'PUT', '/profile', profile());
    const wrong = [
      { name: '' }, { name: '  ' }, { name: 'x'.repeat(101) }, { name: undefined }, { name: 7 },
      { description: large }, { expertise: { Rust: 0 } }, { expertise: { Rust: 6 } }, { expertise: { Rust: '5' } },
      { expertise: { [large]: 3 } }, { expertise: ['Rust'] }, { compute: 'much' }, { compute: { a: 'x'.repeat(5000) } },
      { expertise: Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`s${i}`, 1])) }, { p2p_uri_hint: large },
    ];
    for (const each of wrong) {
      const answer = await call(ann, 'PUT', '/profile', profile(each));
      assert.equal(answer.status, 400, `${JSON.stringify(each)} ${answer.text}`);
    }
    assert.equal((await call(ann, 'GET', '/profile')).body.name, 'Ann Other');
    const full = await call(ann, 'PUT', '/profile', profile({ name: 'ä'.repeat(100), description: '€'.repeat(500) }));
    assert.equal(full.status, 200, full.text);
  });

  test('PRO-01 others read what is public, after a login', async () => {
    const [ann, bob] = [await newcomer(), await newcomer()];
    const path = `/profile/${ann.user.id}`;
    isProblem(await call(bob, 'GET', path), 404, 'no_profile');
    await call(ann, 'PUT', '/profile', profile());
    const seen = await call(bob, 'GET', path);
    assert.equal(seen.body.name, 'Ann Other');
    assert.deepEqual(seen.body.compute, profile().compute);
    assert.equal(seen.body.privacy, undefined);
    isProblem(await call(undefined, 'GET', path), 401, 'unauthorized');
    isProblem(await call(bob, 'GET', '/profile/dpc-node-0000000000000000'), 404, 'no_profile');
    await call(ann, 'PUT', '/profile', profile({ privacy: { show_compute: false } }));
    assert.equal((await call(bob, 'GET', path)).body.compute, undefined);
    await call(ann, 'PUT', '/profile', profile({ privacy: { public: false } }));
    isProblem(await call(bob, 'GET', path), 404, 'no_profile');
    assert.equal((await call(ann, 'GET', '/profile')).status, 200);
  });

  test('PRO-02 discovery finds words of skills, names and descriptions, with a least level', async () => {
    const found = async (who, query) => {
      const answer = await call(who, 'GET', `/discovery/search?${query}`);
      assert.equal(answer.status, 200, answer.text);
      assert.equal(answer.body.total, answer.body.results.length);
      return answer.body.results.map((each) => each.name).sort();
    };
    const [zoe, yan, wim] = [await newcomer(), await newcomer(), await newcomer()];
    await call(zoe, 'PUT', '/profile', { name: 'Zoe', expertise: { 'Quantum Chess': 5, zither: 2 } });
    await call(yan, 'PUT', '/profile', { name: 'Yan', description: 'likes QUANTUM things', expertise: { zither: 4 } });
    await call(wim, 'PUT', '/profile', { name: 'Wim', expertise: { zither: 5 }, privacy: { discoverable: false } });
    assert.deepEqual(await found(yan, 'q=zither'), ['Yan', 'Zoe']);
    assert.deepEqual(await found(yan, 'q=ZITH'), ['Yan', 'Zoe']);
    assert.deepEqual(await found(yan, 'q=zither&min_level=3'), ['Yan']);
    assert.deepEqual(await found(yan, 'q=zither&min_level=5'), []);
    assert.deepEqual(await found(yan, 'q=quantum'), ['Yan', 'Zoe']);
    assert.deepEqual(await found(yan, 'q=quantum&min_level=2'), ['Zoe']);
    assert.deepEqual(await found(yan, `q=${encodeURIComponent('quantum chess!')}`), ['Zoe']);
    assert.deepEqual(await found(yan, 'q=quantumchess'), ['Zoe']);
    assert.deepEqual(await found(yan, 'q=quantum+zither'), ['Yan', 'Zoe']);
    assert.deepEqual(await found(yan, 'q=_________'), []);
    const [one] = (await call(yan, 'GET', '/discovery/search?q=quantumchess')).body.results;
    assert.deepEqual(one.expertise, { 'Quantum Chess': 5, zither: 2 });
    assert.deepEqual(Object.keys(one).filter((key) => !['node_id', 'user_id', 'name', 'description', 'expertise'].includes(key)), []);
    for (const query of ['', 'q=', 'q=%21%21', `q=${'x'.repeat(101)}`, 'q=a&min_level=0', 'q=a&min_level=6', 'q=a&min_level=x', 'q=a+b+c+d+e', 'q=a&limit=51']) {
      assert.equal((await call(yan, 'GET', `/discovery/search?${query}`)).status, 400, query);
    }
    isProblem(await call(undefined, 'GET', '/discovery/search?q=zither'), 401, 'unauthorized');
    assert.doesNotMatch(store.server.log(), /zither/i);
  });

  test('PRO-02 results come in pages', async () => {
    const names = ['P1', 'P2', 'P3'];
    for (const name of names) {
      await call(await newcomer(), 'PUT', '/profile', { name, expertise: { paging: 1 } });
    }
    const who = await newcomer();
    const pages = [];
    for (const offset of [0, 2]) {
      const { body } = await call(who, 'GET', `/discovery/search?q=paging&limit=2&offset=${offset}`);
      assert.equal(body.total, 3);
      pages.push(...body.results.map((each) => each.name));
    }
    assert.deepEqual(pages.sort(), names);
  });

  test('A11 what looks like SQL is text', async () => {
    const who = await newcomer();
    for (const text of ["' OR 1=1 --", '"; DROP TABLE profiles; --', '%', '_', "'; SELECT pg_sleep(9) --", '\\', '$1', '\u{1f600}']) {
      const put = await call(who, 'PUT', '/profile', profile({ name: text, description: text, expertise: { [text]: 1 } }));
      assert.equal(put.body.name, text, put.text);
      assert.deepEqual(put.body.expertise, { [text]: 1 });
      assert.ok([200, 400].includes((await call(who, 'GET', `/discovery/search?q=${encodeURIComponent(text)}`)).status));
      assert.equal((await call(who, 'GET', `/profile/${encodeURIComponent(text)}`)).status, 404);
    }
  });

  test('PRO-05 the list of people, which can be off', async () => {
    const ann = await newcomer();
    const { body } = await call(ann, 'GET', '/users?limit=2');
    assert.equal(body.users.length, 2);
    assert.ok(body.total > 2);
    const list = async () => (await call(ann, 'GET', '/users?limit=200')).body.users.find((each) => each.id === ann.user.id);
    assert.equal((await list()).is_online, false);
    const page = await device(store.server, ann.access_token);
    const self = await list();
    assert.deepEqual([self.username, self.display_name, self.is_online], [ann.user.username, ann.user.display_name, true]);
    page.socket.close();
    assert.deepEqual(Object.keys(self).sort(), ['display_name', 'id', 'is_online', 'last_seen', 'username']);
    isProblem(await call(undefined, 'GET', '/users'), 401, 'unauthorized');
    const own = await store.start({ CARDEA_PROFILES_DIRECTORY: 'no' });
    try {
      const { access_token: token } = await register(own);
      isProblem(await ask(own, 'GET', '/users', { token }), 404, 'directory_off');
    } finally {
      await own.stop();
    }
  });

  test('PRO-05 A15 pictures are checked by content and drawn anew', { timeout: 60_000 }, async () => {
    const ann = await newcomer();
    const show = () => fetch(`${store.server.httpUrl}/api/v1/users/${ann.user.id}/avatar`);
    assert.equal((await show()).status, 404);
    for (const [name, type] of [['a.png', 'image/png'], ['a.jpg', 'image/jpeg'], ['a.webp', 'image/webp']]) {
      const bytes = await picture(name);
      const taken = await upload(ann, bytes, type);
      assert.equal(taken.status, 204, taken.text);
      const answer = await show();
      const shown = Buffer.from(await answer.arrayBuffer());
      assert.equal(answer.headers.get('content-type'), 'image/png');
      assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
      assert.deepEqual([shown.readUInt32BE(16), shown.readUInt32BE(20)], [256, 256]);
    }
    const kept = Buffer.from(await (await show()).arrayBuffer());
    const good = await picture('b.png');
    const hidden = Buffer.concat([good, Buffer.from('<script>planted</script>')]);
    assert.equal((await upload(ann, hidden, 'image/png')).status, 204);
    assert.ok(!Buffer.from(await (await show()).arrayBuffer()).includes('planted'));
    await upload(ann, await picture('a.webp'), 'image/webp');
    const bad = [
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), Buffer.from('GIF89a'), Buffer.alloc(0), good.subarray(0, 60),
      claimedPng(60_000, 60_000), claimedPng(8000, 8000), claimedPng(0, 0), Buffer.from('RIFF\x10\0\0\0WEBPVP8 '), Buffer.from([0xff, 0xd8, 0xff, 0xff]),
    ];
    for (const each of bad) {
      assert.equal((await upload(ann, each, 'image/png')).status, 400, each.subarray(0, 20).toString('latin1'));
    }
    assert.equal((await upload(ann, good, 'image/svg+xml')).status, 415);
    assert.equal((await upload(ann, Buffer.alloc(524_289), 'image/png')).status, 413);
    assert.deepEqual(Buffer.from(await (await show()).arrayBuffer()), kept);
    assert.equal((await call(ann, 'DELETE', '/users/me/avatar')).status, 204);
    assert.equal((await show()).status, 404);
  });

  test('PRO-06 settings follow their owner to another browser', async () => {
    const ann = await newcomer();
    assert.deepEqual((await call(ann, 'GET', '/users/me/settings')).body, {});
    const settings = {
      theme: 'dark', devices: { microphone: 'default' }, volumes: { bob: 40 }, camera_preset: '720p', share_preset: 'text', allow_private_messages: false,
    };
    const put = await call(ann, 'PUT', '/users/me/settings', { ...settings, is_admin: true });
    assert.deepEqual(put.body, settings);
    const again = await ask(store.server, 'POST', '/auth/login', { body: { login: ann.user.username, password: 'correct horse battery' } });
    assert.deepEqual((await call(again.body, 'GET', '/users/me/settings')).body, settings);
    isProblem(await call(ann, 'PUT', '/users/me/settings', { theme: 7 }), 400, 'invalid_parameter');
    assert.ok([400, 413].includes((await call(ann, 'PUT', '/users/me/settings', { volumes: { a: 'x'.repeat(17_000) } })).status));
    assert.deepEqual((await call(ann, 'GET', '/users/me/settings')).body, settings);
  });

  test('PRO-07 a block is kept, listed for its owner only, and ended', async () => {
    const [ann, bob] = [await newcomer(), await newcomer()];
    assert.equal((await call(ann, 'POST', `/users/${bob.user.id}/block`)).status, 204);
    assert.equal((await call(ann, 'POST', `/users/${bob.user.id}/block`)).status, 204);
    const blocks = (await call(ann, 'GET', '/users/me/blocks')).body.blocks;
    assert.deepEqual(blocks.map((each) => [each.id, each.username]), [[bob.user.id, bob.user.username]]);
    assert.deepEqual((await call(bob, 'GET', '/users/me/blocks')).body.blocks, []);
    isProblem(await call(ann, 'POST', `/users/${ann.user.id}/block`), 400, 'own_account');
    isProblem(await call(ann, 'POST', '/users/nobody/block'), 404, 'no_such_user');
    assert.equal((await call(ann, 'DELETE', `/users/${bob.user.id}/block`)).status, 204);
    isProblem(await call(ann, 'DELETE', `/users/${bob.user.id}/block`), 404, 'not_blocked');
  });

  test('SEC-06 thirty searches and twenty changes in a minute', async () => {
    const own = await store.start({ CARDEA_LIMITS_ENABLED: 'yes', CARDEA_LIMITS_GLOBAL_PER_MINUTE: '0' });
    try {
      const { access_token: token } = await register(own);
      const last = async (count, ...request) => {
        const statuses = [];
        for (let i = 0; i <= count; ++i) {
          statuses.push((await ask(own, ...request)).status);
        }
        return statuses.slice(-2);
      };
      assert.deepEqual(await last(30, 'GET', '/discovery/search?q=a', { token }), [200, 429]);
      assert.deepEqual(await last(20, 'PUT', '/profile', { token, body: { name: 'Ann' } }), [200, 429]);
    } finally {
      await own.stop();
    }
  });
});
