// Teams: made with the account, joined by invitation, kept by their admin.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, forEachStore, isProblem, me, register } from '../../support/accounts.mjs';

forEachStore({ CARDEA_TEAMS_ENABLED: 'yes' }, (store) => {
  const as = (person) => (method, path, body) => ask(store.server, method, path, { token: person.access_token, body });
  const names = async (person) => (await as(person)('GET', '/teammates')).body.map((each) => each.username).sort();

  test('ACC-15 registering makes a team, an invitation leads into another one', async () => {
    const ann = await register(store.server, { display_name: 'Ann Onym', team_id: 'x', is_admin: false });
    assert.deepEqual({ ...(await as(ann)('GET', '/team')).body, id: '' }, { id: '', name: 'Ann-Team', is_team_admin: true });
    const invited = await as(ann)('POST', '/team/invites', { emails: ['bob@example.org', 'Bob@Example.org', 'carl@example.org'] });
    assert.equal(invited.status, 200, invited.text);
    assert.equal(invited.body.invited, 2);
    const [forBob, forCarl] = invited.body.codes;
    const bob = await register(store.server, { team_invite: forBob.code });
    assert.deepEqual(await names(ann), [ann.user.username, bob.user.username].sort());
    const { body } = await as(bob)('GET', '/teammates');
    assert.ok(body.every((each) => each.is_active));
    assert.deepEqual(body.filter((each) => each.is_team_admin).map((each) => each.id), [ann.user.id]);
    const again = { username: 'used_invite', password: 'a long password', team_invite: forBob.code };
    isProblem(await ask(store.server, 'POST', '/auth/register', { body: again }), 400, 'invalid_team_invite');

    const carl = await register(store.server);
    assert.equal((await as(carl)('POST', '/team/join', { code: forCarl.code })).status, 204);
    assert.equal((await names(ann)).length, 3);
    // No longer alone: 409, before the code is looked at.
    isProblem(await as(carl)('POST', '/team/join', { code: 'x' }), 409, 'not_alone');
  });

  test('ACC-15 the team\'s admin renames it and puts people out, others do not', async () => {
    const ann = await register(store.server);
    const code = (await as(ann)('POST', '/team/invites', { emails: [`${ann.user.username}@example.net`] })).body.codes[0].code;
    const bob = await register(store.server, { team_invite: code });
    isProblem(await as(bob)('PATCH', '/team', { name: 'Mine' }), 403, 'forbidden');
    isProblem(await as(bob)('DELETE', `/teammates/${ann.user.id}`), 403, 'forbidden');
    assert.equal((await as(ann)('PATCH', '/team', { name: ' Ours ' })).body.name, 'Ours');
    assert.equal((await as(bob)('GET', '/team')).body.name, 'Ours');
    isProblem(await as(ann)('DELETE', `/teammates/${ann.user.id}`), 400, 'own_account');
    assert.equal((await as(ann)('DELETE', `/teammates/${bob.user.id}`)).status, 204);
    isProblem(await as(ann)('DELETE', `/teammates/${bob.user.id}`), 404, 'not_found');
    assert.deepEqual(await names(bob), [bob.user.username]);
    assert.equal((await as(bob)('GET', '/team')).body.is_team_admin, true);
    assert.equal((await me(store.server, bob.access_token)).status, 200);
  });

  test('INV-07 fifty invitations a day, and one address once in half an hour', async () => {
    const ann = await register(store.server);
    const emails = (from, count) => Array.from({ length: count }, (_, i) => `${ann.user.username}_${from + i}@example.com`);
    assert.equal((await as(ann)('POST', '/team/invites', { emails: emails(0, 49) })).body.invited, 49);
    assert.equal((await as(ann)('POST', '/team/invites', { emails: emails(48, 1) })).body.invited, 0);
    isProblem(await as(ann)('POST', '/team/invites', { emails: emails(49, 2) }), 429, 'too_many_invites');
    assert.equal((await as(ann)('POST', '/team/invites', { emails: emails(49, 1) })).body.invited, 1);
    isProblem(await as(ann)('POST', '/team/invites', { emails: ['nobody'] }), 400, 'invalid_email');
  });

  test('ACC-15 without teams there are none', async () => {
    const server = await store.start({ CARDEA_TEAMS_ENABLED: 'no' });
    try {
      const ann = await register(server);
      isProblem(await ask(server, 'GET', '/teammates', { token: ann.access_token }), 404, 'teams_off');
    } finally {
      await server.stop();
    }
  });
});
