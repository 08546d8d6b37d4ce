// Nodes: a key tied to an account by its certificate and a signature. And how one is called.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ask, forEachStore, isProblem, me, register } from '../../support/accounts.mjs';
import { temporaryFolder } from '../../support/process.mjs';

let folder;
let nodes;
const idOf = (pem) => `dpc-node-${createHash('sha256').update(pem).digest('hex').slice(0, 16)}`;

function certificate(key, name, days = '2', signer = key) {
  const path = join(folder.path, 'key.pem');
  writeFileSync(path, signer.export({ type: 'pkcs8', format: 'pem' }));
  return execFileSync('openssl', ['req', '-x509', '-key', path, '-subj', `/CN=${name}`, '-days', days], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

function makeNode() {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const public_key = pair.publicKey.export({ type: 'spki', format: 'pem' });
  const node_id = idOf(public_key);
  return { node_id, public_key, certificate: certificate(pair.privateKey, node_id), key: pair.privateKey };
}

before(async () => {
  folder = await temporaryFolder('nodes');
  nodes = [makeNode(), makeNode()];
});
after(() => folder.remove());

forEachStore({}, (store) => {
  const call = (who, method, path, body) => ask(store.server, method, path, { token: who.access_token, body });
  const claim = async (who, { key, ...node }, changes = {}) => {
    const { nonce } = (await call(who, 'POST', '/node-identity/challenge')).body;
    const signature = sign('sha256', Buffer.from(nonce), key).toString('base64');
    return call(who, 'POST', '/node-identity', { ...node, nonce, signature, ...changes });
  };

  test('PRO-04 an account has a temporary node until a key is tied to it', async () => {
    const ann = await register(store.server);
    assert.match(ann.user.node_id, /^dpc-node-temp-[0-9a-f]{16}$/);
    assert.equal(ann.user.node_id_verified, false);
    const [node] = nodes;
    const claimed = await claim(ann, node);
    assert.deepEqual([claimed.status, claimed.body], [200, { node_id: node.node_id, verified: true }], claimed.text);
    const { body } = await me(store.server, ann.access_token);
    assert.deepEqual([body.node_id, body.node_id_verified], [node.node_id, true]);
    await call(ann, 'PUT', '/profile', { name: 'Ann' });
    const bob = await register(store.server);
    assert.equal((await call(bob, 'GET', `/profile/${node.node_id}`)).body.name, 'Ann');
    isProblem(await claim(bob, node), 400, 'node_id_taken');
    assert.equal((await claim(ann, node)).status, 200);
  });

  test('PRO-04 id, key, certificate and proof have to fit together', async () => {
    const ann = await register(store.server);
    const [first, node] = nodes;
    const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' });
    const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ type: 'spki', format: 'pem' });
    const wrong = {
      'an id of another key': { node_id: first.node_id },
      'another key': { public_key: first.public_key },
      'a key on a curve': { public_key: elliptic, node_id: idOf(elliptic) },
      'a short key': { public_key: short, node_id: idOf(short) },
      'no key': { public_key: 'key' },
      'another certificate': { certificate: first.certificate },
      'a certificate of another name': { certificate: certificate(node.key, 'dpc-node-0000000000000000') },
      'no certificate': { certificate: node.public_key },
    };
    for (const [name, changes] of Object.entries(wrong)) {
      const answer = await claim(ann, node, changes);
      assert.deepEqual([answer.status, answer.body.code], [400, 'invalid_identity'], name);
    }
    const { nonce } = (await call(ann, 'POST', '/node-identity/challenge')).body;
    const signature = (text, key) => sign('sha256', Buffer.from(text), key).toString('base64');
    const proofs = {
      'no signature': {},
      'a signature of another key': { nonce, signature: signature(nonce, first.key) },
      'a signature of another text': { nonce, signature: signature('other', node.key) },
      'an own nonce': { nonce: 'mine', signature: signature('mine', node.key) },
    };
    const { key, ...rest } = node;
    for (const [name, proof] of Object.entries(proofs)) {
      const answer = await call(ann, 'POST', '/node-identity', { ...rest, ...proof });
      assert.deepEqual([answer.status, answer.body.code], [400, 'invalid_proof'], name);
    }
    const bob = await register(store.server);
    isProblem(await call(bob, 'POST', '/node-identity', { ...rest, nonce, signature: signature(nonce, key) }), 400, 'invalid_proof');
    const good = await claim(ann, node);
    assert.equal(good.status, 200, good.text);
    assert.equal((await me(store.server, bob.access_token)).body.node_id_verified, false);
  });

  test('PRO-04 without proof_of_possession id, key and certificate are enough', async () => {
    const own = await store.start({ CARDEA_P2P_PROOF_OF_POSSESSION: 'no' });
    try {
      const { access_token: token } = await register(own);
      const { key, ...node } = nodes[0];
      assert.equal((await ask(own, 'POST', '/node-identity', { token, body: node })).status, 200);
    } finally {
      await own.stop();
    }
  });

  test('PRO-05 everybody chooses how others see him', async () => {
    const ann = await register(store.server);
    const changed = await call(ann, 'PUT', '/users/me', { display_name: '  Ann Öther ', is_admin: true });
    assert.deepEqual([changed.status, changed.body.display_name, changed.body.is_admin], [200, 'Ann Öther', ann.user.is_admin]);
    assert.equal((await me(store.server, ann.access_token)).body.display_name, 'Ann Öther');
    for (const display_name of ['', '   ', 'x'.repeat(65), '\u202eevil', 7]) {
      assert.equal((await call(ann, 'PUT', '/users/me', { display_name })).status, 400, String(display_name));
    }
  });
});
