// Role x operation over REST: nobody can do more than his role. An operation without a line here fails the test.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, quick, register } from '../../support/accounts.mjs';
import { startServer } from '../../support/server.mjs';

const roles = ['nobody', 'guest', 'user', 'moderator', 'owner', 'site_moderator', 'admin'];

// The least role for which an operation is not refused (401 or 403), and a request that tries it.
const rules = {
  'rooms.list': ['guest', ['GET', '/rooms']],
  'rooms.create': ['user', ['POST', '/rooms', () => ({ name: `Made ${++made}` })]],
  'rooms.members': ['guest', ['GET', '/rooms/members']],
  'rooms.presence': ['guest', ['GET', '/rooms/presence']],
  'rooms.show': ['guest', ['GET', '/rooms/ROOM']],
  'rooms.update': ['owner', ['PUT', '/rooms/ROOM', () => ({ topic: 'new' })]],
  'rooms.topic': ['moderator', ['PUT', '/rooms/ROOM/topic', () => ({ topic: 'new' })]],
  'rooms.delete': ['owner', ['DELETE', '/rooms/ROOM']],
  'rooms.join': ['guest', ['POST', '/rooms/ROOM/join', () => ({})]],
  'rooms.leave': ['guest', ['POST', '/rooms/ROOM/leave', () => ({})]],
  'rooms.lobby': ['moderator', ['GET', '/rooms/ROOM/lobby']],
  'rooms.admit': ['moderator', ['POST', '/rooms/ROOM/lobby/TARGET', () => ({})]],
  'rooms.kick': ['moderator', ['POST', '/rooms/ROOM/kick', () => ({ user: target.user.id })]],
  'rooms.ban': ['moderator', ['POST', '/rooms/ROOM/bans', () => ({ user: target.user.id })]],
  'rooms.bans': ['moderator', ['GET', '/rooms/ROOM/bans']],
  'rooms.unban': ['moderator', ['DELETE', '/rooms/ROOM/bans/none']],
  'rooms.mute': ['moderator', ['PUT', '/rooms/ROOM/members/TARGET/mute', () => ({ muted: true })]],
  'rooms.enroll': ['moderator', ['POST', '/rooms/ROOM/enrollments', () => ({ user: target.user.id })]],
  'rooms.enrollments': ['moderator', ['GET', '/rooms/ROOM/enrollments']],
  'rooms.expel': ['moderator', ['DELETE', '/rooms/ROOM/enrollments/TARGET']],
  'rooms.audit': ['moderator', ['GET', '/rooms/ROOM/audit']],
  'presence.show': ['user', ['GET', '/presence']],
  'presence.poll': ['user', ['GET', '/presence/poll']],
  'turn.credentials': ['user', ['GET', '/turn']],
};
// What an act of each role on the roles above it is answered with: the same for all acts.
const acts = ['rooms.kick', 'rooms.ban', 'rooms.mute', 'rooms.expel'];

let server;
let target;
let made = 0;
const people = {};
before(async () => {
  server = await startServer({ env: { ...quick, CARDEA_ROOMS_MAX_ROOMS: '1000' } });
  people.admin = await register(server);
  for (const role of ['user', 'moderator', 'owner', 'site_moderator']) {
    people[role] = await register(server);
  }
  target = await register(server);
  people.guest = (await ask(server, 'POST', '/auth/guest', { body: {} })).body;
  const promoted = await ask(server, 'PUT', `/admin/sitemods/${people.site_moderator.user.id}`, {
    token: people.admin.access_token,
    body: {},
  });
  assert.equal(promoted.status, 204, promoted.text);
  const name = people.site_moderator.user.username;
  people.site_moderator = (await ask(server, 'POST', '/auth/login', { body: { login: name, password: 'correct horse battery' } })).body;
});
after(() => server?.stop());

async function newRoom() {
  const token = people.owner.access_token;
  const { body } = await ask(server, 'POST', '/rooms', { token, body: { name: `Matrix ${++made}` } });
  const promoted = await ask(server, 'POST', `/rooms/${body.id}/enrollments`, {
    token,
    body: { user: people.moderator.user.id, role: 'moderator' },
  });
  assert.equal(promoted.status, 204, promoted.text);
  return body.id;
}

function attempt(role, id, room, victim = target) {
  const [method, path, body] = rules[id][1];
  const filled = body?.();
  return ask(server, method, path.replace('ROOM', room).replace('TARGET', victim.user.id), {
    token: people[role]?.access_token,
    body: filled?.user ? { ...filled, user: victim.user.id } : filled,
  });
}

test('ROM-09 ROM-10 every operation about rooms and presence has a rule', async () => {
  const { body } = await ask(server, 'GET', '/openapi.json');
  const declared = Object.values(body.paths)
    .flatMap((path) => Object.values(path))
    .map((operation) => operation.operationId)
    .filter((id) => /^(rooms|presence|turn)\./.test(id ?? ''));
  assert.ok(declared.length > 20, String(declared));
  assert.deepEqual([...new Set(declared)].sort(), Object.keys(rules).sort());
});

test('ROM-09 ROM-10 nobody can do more than his role, and each what it lets him', { timeout: 100_000 }, async () => {
  for (const [id, [least]] of Object.entries(rules)) {
    let room = await newRoom();
    for (const role of roles) {
      const answer = await attempt(role, id, room);
      const refused = [401, 403].includes(answer.status);
      const allowed = roles.indexOf(role) >= roles.indexOf(least);
      assert.equal(refused, !allowed, `${role} ${id}: ${answer.status} ${answer.text}`);
      if (allowed) {
        assert.ok(answer.status < 500 && answer.status !== 405, `${role} ${id}: ${answer.status} ${answer.text}`);
      }
      if (id === 'rooms.delete' && allowed) {
        room = await newRoom();
      }
    }
  }
});

test('ROM-12 no act reaches one of equal or higher standing', { timeout: 100_000 }, async () => {
  const standing = ['moderator', 'owner', 'site_moderator', 'admin'];
  const room = await newRoom();
  for (const id of acts) {
    for (const actor of standing) {
      for (const victim of standing.filter((each) => each !== actor)) {
        const answer = await attempt(actor, id, room, people[victim]);
        const higher = standing.indexOf(actor) > standing.indexOf(victim);
        assert.equal(answer.status === 403, !higher, `${actor} ${id} ${victim}: ${answer.status} ${answer.text}`);
        // So that the next one finds the moderator still there.
        if (id === 'rooms.expel' && higher && victim === 'moderator') {
          await ask(server, 'POST', `/rooms/${room}/enrollments`, {
            token: people.owner.access_token,
            body: { user: people.moderator.user.id, role: 'moderator' },
          });
        }
      }
    }
  }
});
