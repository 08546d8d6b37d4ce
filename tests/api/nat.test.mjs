// Which addresses clients are told: interfaces, lists of them, NAT in front, and the check of it by STUN.
import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { test } from 'node:test';
import { publisherOffer } from '../bench/sdp.mjs';
import { JanusClient } from '../support/janus_client.mjs';
import { startServer } from '../support/server.mjs';
import { startStun } from '../support/stun_server.mjs';
import { until } from '../support/videoroom_people.mjs';

const ice = {
  ufrag: 'abcd',
  pwd: 'abcdefghijklmnopqrstuvwx',
  fingerprint: `sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}`,
  ip: '127.0.0.1',
  port: 9,
};

/** The addresses in an answer of a server with this environment; `look` is called while it runs. */
async function told(env, look = () => {}) {
  const server = await startServer({ env });
  const janus = await JanusClient.connect(server.websocketUrl);
  try {
    const session = await janus.createSession();
    const handle = await janus.attach(session, 'janus.plugin.echotest');
    const sdp = publisherOffer(ice, { audioSsrc: 1, videoSsrc: 2 }).replaceAll('a=sendonly', 'a=sendrecv');
    const { jsep } = await janus.message(session, handle, { audio: true }, { type: 'offer', sdp });
    await look(server);
    const lines = jsep.sdp.split('\r\n').filter((line) => line.startsWith('a=candidate:'));
    return [...new Set(lines.map((line) => `${line.split(' ')[2]} ${line.split(' ')[4]}`))];
  } finally {
    await janus.close();
    await server.stop();
  }
}

const own = Object.entries(networkInterfaces()).flatMap(([name, list]) => list.map((one) => ({ name, ...one })));
const outer = own.filter((one) => !one.internal && !one.address.startsWith('fe80') && !one.address.startsWith('169.254'));

test('auto tells the addresses of the interfaces, UDP and TCP', async (t) => {
  if (outer.length === 0) {
    return t.skip('this machine has loopback only');
  }
  const addresses = await told({ CARDEA_MEDIA_ADDRESS: 'auto', CARDEA_NAT_ICE_IGNORE_LIST: '' });
  const expected = outer.flatMap(({ address }) => [`udp ${address}`, `tcp ${address}`]);
  assert.deepEqual(addresses.sort(), expected.sort());
  return undefined;
});

test('the lists of interfaces say which of them', async () => {
  const env = { CARDEA_MEDIA_ADDRESS: 'auto', CARDEA_MEDIA_ICE_TCP: 'no' };
  assert.deepEqual(await told({ ...env, CARDEA_NAT_ICE_ENFORCE_LIST: '127.' }), ['udp 127.0.0.1']);
  const names = [...new Set(outer.map(({ name }) => name))].join(',');
  const left = await told({ ...env, CARDEA_NAT_ICE_IGNORE_LIST: `${names},::` });
  assert.deepEqual(left, ['udp 127.0.0.1']);
});

test('a mapping is told in place of our addresses, and STUN says whether it is true', async (t) => {
  const v4 = outer.find(({ family }) => family === 'IPv4');
  if (!v4) {
    return t.skip('this machine has loopback only');
  }
  const stun = await startStun();
  const env = {
    CARDEA_MEDIA_ADDRESS: v4.address,
    CARDEA_MEDIA_ICE_TCP: 'no',
    CARDEA_NAT_NAT_1_1_MAPPING: '203.0.113.9',
    CARDEA_NAT_STUN_SERVER: '127.0.0.1',
    CARDEA_NAT_STUN_PORT: String(stun.address().port),
  };
  const logged = (text) => (server) => until(text, () => server.log().includes(text));
  try {
    const warned = logged('sees this machine as 127.0.0.1, but clients are told 203.0.113.9');
    assert.deepEqual(await told(env, warned), ['udp 203.0.113.9']);
    const both = { ...env, CARDEA_NAT_NAT_1_1_MAPPING: '127.0.0.1', CARDEA_NAT_KEEP_PRIVATE_HOST: 'yes' };
    const content = logged('sees this machine as 127.0.0.1, as clients are told');
    assert.deepEqual(await told(both, content), ['udp 127.0.0.1', `udp ${v4.address}`]);
  } finally {
    stun.close();
  }
  return undefined;
});

test('a mapping of nothing stops the start and says why', async () => {
  await assert.rejects(startServer({ env: { CARDEA_NAT_NAT_1_1_MAPPING: '203.0.113.9' } }), /nat_1_1_mapping 203\.0\.113\.9 stands for no address/);
});
