// Rooms: made, found, changed and ended over REST, entered with grants, and moderated.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import { ask, forEachStore, freshName, isProblem, register } from '../../support/accounts.mjs';
import { device } from '../../support/live_client.mjs';
import { until } from '../../support/stores.mjs';
import { Person } from '../../support/videoroom_people.mjs';

const turnSecret = 'of coturn';
const env = {
  CARDEA_ROOMS_MAX_ROOMS: '1000',
  CARDEA_TURN_URIS: 'turn:turn.example.org:3478',
  CARDEA_TURN_SECRET: turnSecret,
  CARDEA_TURN_STUN: 'stun:turn.example.org:3478',
};

forEachStore(env, (store) => {
  let admin;
  const people = [];
  const devices = [];
  before(async () => {
    admin = await register(store.server); // the first account
  });
  after(async () => {
    await Promise.all(people.map((each) => each.close().catch(() => {})));
    devices.forEach((each) => each.socket.close());
  });

  const as = (who, method, path, body, more) => ask(store.server, method, path, { token: who?.access_token, body, ...more });
  const someone = () => register(store.server);
  const guest = async () => (await as(null, 'POST', '/auth/guest', {})).body;
  let made = 0;
  async function newRoom(owner, more = {}) {
    const answer = await as(owner, 'POST', '/rooms', { name: `Room ${++made} ${process.pid}`, ...more });
    assert.equal(answer.status, 201, answer.text);
    return answer.body;
  }
  const join = (who, room, body = {}, more) => as(who, 'POST', `/rooms/${room.id}/join`, body, more);
  /** Joins by REST, then as a client of the Janus API. */
  async function enter(who, room) {
    const { body, text, status } = await join(who, room);
    assert.equal(status, 200, text);
    const person = await Person.connect(store.server.websocketUrl);
    people.push(person);
    const answer = await person.do({
      request: 'join',
      ptype: 'publisher',
      room: room.janus_room,
      id: body.participant,
      token: body.room_token,
    });
    assert.equal(answer.videoroom, 'joined', JSON.stringify(answer));
    return Object.assign(person, { grant: body });
  }
  const inside = async (who, room) => (await as(who, 'GET', `/rooms/${room.id}`)).body?.users ?? [];
  async function live(who) {
    devices.push(await device(store.server, who.access_token));
    return devices.at(-1);
  }

  test('ROM-01 a room is made, found, changed by its owner or an admin, and ended', async () => {
    const [ann, bob] = [await someone(), await someone()];
    const watcher = await live(bob);
    const room = await newRoom(ann, { password: 'open', topic: 'tea' });
    assert.deepEqual([room.owner_id, room.requires_password, room.type, room.topic], [ann.user.id, true, 'video', 'tea']);
    assert.ok(!JSON.stringify(room).includes('pbkdf2'));
    assert.equal((await watcher.until('room:created')).payload.room.id, room.id);
    assert.ok((await as(bob, 'GET', '/rooms')).body.rooms.some((each) => each.id === room.id));
    isProblem(await as(bob, 'PUT', `/rooms/${room.id}`, { topic: 'mine' }), 403, 'not_permitted');
    isProblem(await as(bob, 'DELETE', `/rooms/${room.id}`), 403, 'not_permitted');
    assert.equal((await as(ann, 'PUT', `/rooms/${room.id}`, { topic: 'cake' })).body.topic, 'cake');
    assert.equal((await as(admin, 'PUT', `/rooms/${room.id}`, { capacity: 5 })).body.capacity, 5);
    await watcher.until('room:updated', {});
    assert.equal((await as(ann, 'DELETE', `/rooms/${room.id}`)).status, 204);
    await watcher.until('room:deleted', {});
    isProblem(await as(ann, 'GET', `/rooms/${room.id}`), 404, 'no_such_room');
  });

  test('ROM-02 names have a form and are unique, slugs name rooms too', async () => {
    const ann = await someone();
    const name = `Tea & Cake ${process.pid}`;
    const room = await newRoom(ann, { name });
    assert.equal(room.slug, `tea-cake-${process.pid}`);
    assert.equal((await as(ann, 'GET', `/rooms/${room.slug}`)).body.id, room.id);
    isProblem(await as(ann, 'POST', '/rooms', { name: name.toUpperCase() }), 409, 'name_taken');
    for (const bad of ['', '---', 'a/b', 'x'.repeat(65), 'tee\u00e4']) {
      assert.equal((await as(ann, 'POST', '/rooms', { name: bad })).status, 400, bad);
    }
    const found = (await as(ann, 'GET', '/rooms?q=TEA%20%26')).body.rooms;
    assert.deepEqual(found.map((each) => each.id), [room.id]);
  });

  test('ROM-04 join gives a token, addresses and ice servers; the room of now is remembered', async () => {
    const ann = await someone();
    const room = await newRoom(ann);
    const { body } = await join(ann, room);
    assert.equal(body.room.id, room.id);
    assert.match(body.room_token, /^[0-9a-f]{64}$/);
    assert.match(body.ws_url, /^ws:\/\/.*\/janus$/);
    assert.ok(body.permissions.includes('ban'));
    assert.equal((await as(ann, 'GET', '/users/me')).body.last_room_id ?? room.id, room.id);
    const turn = body.ice_servers.find((each) => each.credential);
    assert.equal(turn.credential, createHmac('sha1', turnSecret).update(turn.username).digest('base64'));
    isProblem(await join(ann, { id: 'nowhere' }), 404, 'no_such_room');
  });

  test('TRN-01 credentials for coturn, for those who are logged in', async () => {
    const ann = await someone();
    const { body } = await as(ann, 'GET', '/turn');
    const [expiry, name] = body.username.split(':');
    assert.equal(name, ann.user.id);
    assert.ok(Math.abs(Number(expiry) - Date.now() / 1000 - 3600) < 30);
    assert.equal(body.password, createHmac('sha1', turnSecret).update(body.username).digest('base64'));
    assert.deepEqual([body.uris, body.ttl], [['turn:turn.example.org:3478'], 3600]);
    assert.equal((await as(null, 'GET', '/turn')).status, 401);
  });

  test('ROM-05 raw Janus requests do not pass a room of ours by', async () => {
    const [ann, bob] = [await someone(), await someone()];
    const room = await newRoom(ann);
    const inRoom = await enter(ann, room);
    const raw = await Person.connect(store.server.websocketUrl);
    people.push(raw);
    const refused = async (body) => assert.equal((await raw.ask({ room: room.janus_room, ...body })).error_code, 433, JSON.stringify(body));
    const { participant, room_token: token } = (await join(bob, room)).body;
    await refused({ request: 'join', ptype: 'publisher' });
    await refused({ request: 'join', ptype: 'publisher', token: 'nonsense', id: participant });
    await refused({ request: 'join', ptype: 'publisher', token }); // somebody else's place, or any
    await refused({ request: 'join', ptype: 'publisher', token, id: inRoom.grant.participant });
    await refused({ request: 'join', ptype: 'subscriber', feed: 1, streams: [{ feed: 1 }] });
    for (const request of ['listparticipants', 'exists', 'destroy', 'edit', 'kick', 'allowed', 'enable_recording']) {
      await refused({ request, secret: 'guess', id: 1, record: true, action: 'disable' });
      if (!['listparticipants', 'exists'].includes(request)) {
        await refused({ request, secret: 'guess', id: 1, record: true, action: 'disable', token });
      }
    }
    const list = await raw.do({ request: 'list' });
    assert.ok(!list.list.some((each) => each.room === room.janus_room));
    assert.equal((await raw.do({ request: 'join', ptype: 'publisher', room: room.janus_room, token, id: participant })).videoroom, 'joined');
  });

  test('ROM-05 on a server that is not open a grant lets in, and nothing else', async () => {
    const closed = await store.start({ CARDEA_JANUS_OPEN: 'no' });
    try {
      const ann = await register(closed);
      const token = ann.access_token;
      const { body: room } = await ask(closed, 'POST', '/rooms', { token, body: { name: 'Closed' } });
      const { body: grant } = await ask(closed, 'POST', `/rooms/${room.id}/join`, { token, body: {} });
      const raw = await Person.connect(closed.websocketUrl);
      people.push(raw);
      assert.equal((await raw.ask({ request: 'join', ptype: 'publisher', room: 1234 })).error_code, 433);
      const own = { room: room.janus_room, token: grant.room_token, id: grant.participant };
      assert.equal((await raw.ask({ request: 'join', ptype: 'publisher', ...own })).videoroom, 'joined');
      assert.equal((await raw.ask({ request: 'create', room: 77 })).error_code, 433);
      await raw.close();
    } finally {
      await closed.stop();
    }
  });

  test('ROM-11 a muted one is passed on no more, also after he has published anew', async () => {
    const [ann, bob] = [await someone(), await someone()];
    const room = await newRoom(ann);
    const [listener, speaker] = [await enter(ann, room), await enter(bob, room)];
    const pc = await speaker.publish(undefined, ['audio']);
    const mute = (muted) => as(ann, 'PUT', `/rooms/${room.id}/members/${bob.user.id}/mute`, { muted });
    const moderated = (how) => listener.hear((data) => data.moderation === how && data.id === speaker.grant.participant);
    assert.equal((await mute(true)).status, 204);
    await moderated('muted');
    await speaker.do({ request: 'unpublish' });
    pc.close();
    await speaker.publish(undefined, ['audio']);
    await moderated('muted');
    assert.equal((await mute(false)).status, 204);
    await moderated('unmuted');
    isProblem(await as(bob, 'PUT', `/rooms/${room.id}/members/${ann.user.id}/mute`, { muted: true }), 403, 'not_permitted');
  });

  test('ROM-06 ROM-07 refusals have codes; a right password counts for some minutes', async () => {
    const [ann, bob] = [await someone(), await someone()];
    const gus = await guest();
    const locked = await newRoom(ann, { locked: true });
    isProblem(await join(bob, locked), 403, 'room_closed');
    assert.equal((await join(ann, locked)).status, 200);
    isProblem(await join(gus, await newRoom(ann, { guests: false })), 403, 'account_required');
    const secret = await newRoom(ann, { password: 'sesame' });
    isProblem(await join(bob, secret), 403, 'password_required');
    isProblem(await join(bob, secret, { password: 'open' }), 401, 'password_incorrect');
    assert.equal((await join(bob, secret, { password: 'sesame' })).status, 200);
    // Only a right one does: what is said where none is asked for counts for nothing.
    const open = await newRoom(ann);
    assert.equal((await join(bob, open, { password: 'anything' })).status, 200);
    assert.equal((await as(ann, 'PUT', `/rooms/${open.id}`, { password: 'sesame' })).status, 200);
    isProblem(await join(bob, open), 403, 'password_required');
    assert.equal((await join(bob, secret)).status, 200);
    for (const other of [ann, admin]) {
      assert.equal((await join(other, secret)).status, 200);
    }
    const small = await newRoom(ann, { capacity: 1 });
    await enter(ann, small);
    await until('she is inside', async () => (await inside(ann, small)).includes(ann.user.id));
    isProblem(await join(bob, small), 403, 'room_full');
    assert.equal((await join(ann, small)).status, 200);
  });

  test('ROM-01 private rooms are not listed, and rooms by invitation open to the invited only', async () => {
    const [ann, bob, cat] = [await someone(), await someone(), await someone()];
    const hidden = await newRoom(ann, { visibility: 'private' });
    assert.ok(!(await as(bob, 'GET', '/rooms')).body.rooms.some((each) => each.id === hidden.id));
    const closed = await newRoom(ann, { visibility: 'invite' });
    isProblem(await as(bob, 'GET', `/rooms/${closed.id}`), 404, 'no_such_room');
    isProblem(await join(bob, closed), 403, 'invitation_required');
    assert.equal((await as(ann, 'POST', `/rooms/${closed.id}/enrollments`, { user: bob.user.id })).status, 204);
    assert.equal((await join(bob, closed)).status, 200);
    assert.ok((await as(bob, 'GET', '/rooms')).body.rooms.some((each) => each.id === closed.id));
    isProblem(await join(cat, closed), 403, 'invitation_required');
  });

  test('ROM-10 roles: owners make moderators, moderators act on those below them only', async () => {
    const [ann, bob, cat] = [await someone(), await someone(), await someone()];
    const room = await newRoom(ann);
    const enroll = (who, user, role) => as(who, 'POST', `/rooms/${room.id}/enrollments`, { user: user.user.id, role });
    isProblem(await enroll(bob, cat), 403, 'not_permitted');
    assert.equal((await enroll(ann, bob, 'moderator')).status, 204);
    isProblem(await enroll(bob, cat, 'moderator'), 403, 'not_permitted');
    isProblem(await enroll(ann, { user: { id: 'nobody' } }), 404, 'no_such_user');
    isProblem(await enroll(ann, ann), 400, 'own_account');
    const { items } = (await as(bob, 'GET', `/rooms/${room.id}/enrollments`)).body;
    assert.deepEqual(items.map((each) => [each.user_id, each.role]), [[bob.user.id, 'moderator']]);
    isProblem(await as(bob, 'POST', `/rooms/${room.id}/kick`, { user: ann.user.id }), 403, 'higher_rank');
    isProblem(await as(ann, 'POST', `/rooms/${room.id}/kick`, { user: admin.user.id }), 403, 'higher_rank');
    assert.equal((await as(ann, 'DELETE', `/rooms/${room.id}/enrollments/${bob.user.id}`)).status, 204);
    isProblem(await as(bob, 'GET', `/rooms/${room.id}/bans`), 403, 'not_permitted');
  });

  test('PRE-02 PRE-06 who enters and leaves is told, and listed once', async () => {
    const [ann, bob] = [await someone(), await someone()];
    const room = await newRoom(ann);
    const watcher = await live(bob);
    const devicesOfAnn = [await enter(ann, room), await enter(ann, room)];
    await watcher.until('user:room_join', { room_id: room.id, user_id: ann.user.id });
    assert.deepEqual(await inside(bob, room), [ann.user.id]);
    for (const path of ['/rooms/members', '/rooms/presence']) {
      assert.deepEqual((await as(bob, 'GET', path)).body.rooms[room.id], [ann.user.id]);
    }
    await devicesOfAnn[0].close();
    await devicesOfAnn[1].close();
    await watcher.until('user:room_leave', { room_id: room.id, user_id: ann.user.id });
    assert.deepEqual(await inside(bob, room), []);
    assert.equal(watcher.events.filter((each) => each.payload.room_id === room.id).length, 2);
  });

  test('PRE-07 whoever joins another room leaves the first', async () => {
    const ann = await someone();
    const [one, two] = [await newRoom(ann), await newRoom(ann)];
    await enter(ann, one);
    await until('inside', async () => (await inside(ann, one)).length === 1);
    await enter(ann, two);
    await until('moved', async () => (await inside(ann, one)).length === 0 && (await inside(ann, two)).length === 1);
  });

  test('ROM-12 a kick ends media at once, voids the grant, and refuses the next join once', async () => {
    const [ann, bob] = [await someone(), await someone()];
    const room = await newRoom(ann);
    const [watcher, victim] = [await live(ann), await live(bob)];
    const kicked = await enter(bob, room);
    await watcher.until('user:room_join', { user_id: bob.user.id });
    assert.equal((await as(ann, 'POST', `/rooms/${room.id}/kick`, { user: bob.user.id, reason: 'noise' })).status, 204);
    assert.equal((await victim.until('room:kicked')).payload.reason, 'noise');
    await watcher.until('user:room_leave', { user_id: bob.user.id });
    const again = await kicked.ask({ request: 'join', ptype: 'publisher', room: room.janus_room, id: kicked.grant.participant, token: kicked.grant.room_token });
    assert.equal(again.error_code, 433);
    isProblem(await join(bob, room), 403, 'kicked');
    assert.equal((await join(bob, room)).status, 200);
    isProblem(await as(ann, 'POST', `/rooms/${room.id}/kick`, { user: ann.user.id }), 400, 'own_account');
  });

  test('ROM-13 a ban keeps an account out until it ends or is lifted', async () => {
    const [ann, bob] = [await someone(), await someone()];
    const room = await newRoom(ann);
    await enter(bob, room);
    assert.equal((await as(ann, 'POST', `/rooms/${room.id}/bans`, { user: bob.user.id, reason: 'spam' })).status, 204);
    await until('out', async () => (await inside(ann, room)).length === 0);
    const refused = await join(bob, room);
    isProblem(refused, 403, 'user_banned');
    assert.ok(Math.abs(refused.body.expires_at - Date.now() / 1000 - 86_400) < 60);
    const { items } = (await as(ann, 'GET', `/rooms/${room.id}/bans`)).body;
    assert.deepEqual([items.length, items[0].user_id, items[0].reason], [1, bob.user.id, 'spam']);
    assert.ok(!('address' in items[0]));
    assert.equal((await as(ann, 'DELETE', `/rooms/${room.id}/bans/${items[0].id}`)).status, 204);
    assert.equal((await join(bob, room)).status, 200);
    isProblem(await as(bob, 'POST', `/rooms/${room.id}/bans`, { user: ann.user.id }), 403, 'not_permitted');
    assert.equal((await as(ann, 'POST', `/rooms/${room.id}/bans`, { user: bob.user.id, duration_hours: 5000 })).status, 400);
  });

  test('ROM-13 a banned guest does not get back in by a new name, session or forged cookie', async () => {
    const ann = await someone();
    const room = await newRoom(ann);
    const gus = await guest();
    const joined = await join(gus, room);
    assert.equal(joined.status, 200);
    const cookie = joined.headers.get('set-cookie').split(';')[0];
    assert.equal((await as(ann, 'POST', `/rooms/${room.id}/bans`, { user: gus.user.id })).status, 204);
    isProblem(await join(gus, room), 403, 'user_banned');
    const fresh = (await as(null, 'POST', '/auth/guest', { handle: freshName('gus') })).body;
    isProblem(await join(fresh, room), 403, 'user_banned');
    isProblem(await join(fresh, room, {}, { headers: { Cookie: cookie } }), 403, 'user_banned');
    isProblem(await join(fresh, room, {}, { headers: { Cookie: `${cookie}0` } }), 403, 'user_banned');
    isProblem(await join(fresh, room, {}, { headers: { Cookie: 'cardea_guest=abc.def' } }), 403, 'user_banned');
    // The same browser with an account, too; another one's account is not concerned.
    isProblem(await join(await someone(), room, {}, { headers: { Cookie: cookie } }), 403, 'user_banned');
    assert.equal((await join(await someone(), room)).status, 200);
  });

  test('ROM-15 what moderators did is written down', async () => {
    const [ann, bob] = [await someone(), await someone()];
    const room = await newRoom(ann);
    await as(ann, 'POST', `/rooms/${room.id}/kick`, { user: bob.user.id, reason: 'noise' });
    await as(ann, 'POST', `/rooms/${room.id}/bans`, { user: bob.user.id });
    const { items } = (await as(ann, 'GET', `/rooms/${room.id}/audit`)).body;
    assert.deepEqual(items.map((each) => each.act).sort(), ['ban', 'kick']);
    const kick = items.find((each) => each.act === 'kick');
    assert.deepEqual([kick.actor, kick.target, kick.reason], [ann.user.username, bob.user.id, 'noise']);
    assert.ok(Math.abs(kick.time - Date.now() / 1000) < 60);
    isProblem(await as(bob, 'GET', `/rooms/${room.id}/audit`), 403, 'not_permitted');
  });

  test('ROM-04 a lobby: one knocks, and a moderator lets in or turns away', async () => {
    const [ann, bob] = [await someone(), await someone()];
    const room = await newRoom(ann, { lobby: true });
    const [door, waiting] = [await live(ann), await live(bob)];
    const knock = await join(bob, room);
    assert.deepEqual([knock.status, knock.body], [202, { waiting: true }]);
    await door.until('room:knock', { user_id: bob.user.id });
    const { items } = (await as(ann, 'GET', `/rooms/${room.id}/lobby`)).body;
    assert.deepEqual(items, [{ user_id: bob.user.id, username: bob.user.username }]);
    isProblem(await as(bob, 'POST', `/rooms/${room.id}/lobby/${bob.user.id}`, {}), 403, 'not_permitted');
    assert.equal((await as(ann, 'POST', `/rooms/${room.id}/lobby/${bob.user.id}`, { admit: false })).status, 204);
    await waiting.until('room:turned_away', { room_id: room.id });
    assert.equal((await join(bob, room)).status, 202);
    assert.equal((await as(ann, 'POST', `/rooms/${room.id}/lobby/${bob.user.id}`, {})).status, 204);
    await waiting.until('room:admitted', { room_id: room.id });
    assert.equal((await join(bob, room)).status, 200);
  });
});
