// Hostile JSON against the whole server, over WebSocket and HTTP (threats S5, S6, S7, S8).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertHealthy, counterWatch } from '../support/metrics.mjs';
import { RawJanus } from '../support/raw_janus.mjs';
import { startServer } from '../support/server.mjs';

const invalidJson = 'cardea_janus_errors_total{code="454"}';
const badUtf8Close = 1007; // RFC 6455 8.1: the transport may find it first

let server;
before(async () => {
  server = await startServer({ env: { CARDEA_LIMITS_ENABLED: 'no', CARDEA_JANUS_OPEN: 'yes' } });
});
after(() => server.stop());

async function post(body, path = '/janus') {
  const answer = await fetch(server.httpUrl + path, { method: 'POST', body });
  return { status: answer.status, message: await answer.json() };
}

/** Sends a text by both ways. Each must be refused with `code`; the WebSocket must live, and answer the next message. */
async function refusedByBoth(what, text, code, { closeCode } = {}) {
  const client = await RawJanus.connect(server.websocketUrl);
  const answer = await client.ask(text);
  if (closeCode === undefined || answer.closed !== closeCode) {
    assert.equal(answer.message?.janus, 'error', `${what}: ${JSON.stringify(answer)}`);
    assert.equal(answer.message.error.code, code, `${what}: ${JSON.stringify(answer)}`);
    assert.ok(answer.message.error.reason.length > 10, what);
    const { message } = await client.ask('{"janus":"ping","transaction":"still here"}');
    assert.equal(message.transaction, 'still here', what);
    await client.close();
  }
  const posted = await post(text);
  assert.equal(posted.message.error?.code, code, `${what}: ${JSON.stringify(posted)}`);
  return posted.message.error.reason;
}

const nested = (depth, open, close) => `{"janus":"ping","transaction":"t","x":${open.repeat(depth - 1)}1${close.repeat(depth - 1)}}`;

test('S5: a text as deep as the limit is answered, one level more is refused', async () => {
  for (const [open, close] of [
    ['[', ']'],
    ['{"a":', '}'],
  ]) {
    assert.equal((await post(nested(32, open, close))).message.janus, 'pong');
    const reason = await refusedByBoth('depth 33', nested(33, open, close), 454);
    assert.match(reason, /deeper than 32 at byte \d+/);
  }
});

test('S5: texts 2,049 and 100,000 levels deep are refused, closed or not', async () => {
  const seen = await counterWatch(server);
  for (const depth of [2049, 100_000]) {
    await refusedByBoth(`${depth} arrays`, nested(depth, '[', ']'), 454);
    await refusedByBoth(`${depth} open arrays`, '['.repeat(depth), 454);
  }
  // An object takes five bytes a level; 50,000 of them stay below the cap on a message.
  await refusedByBoth('50,000 objects', nested(50_000, '{"":', '}').slice(0, 250_000), 454);
  assert.equal(await seen.diff(invalidJson), 10);
  await assertHealthy(server);
});

const around = (value) => `{"janus":"ping","transaction":"t","x":${value}}`;
const bytes = (...parts) => Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));

test('S6: texts that are no good JSON are refused with a position', async () => {
  const seen = await counterWatch(server);
  const table = [
    ['duplicate key', '{"janus":"ping","janus":"create","transaction":"t"}'],
    ['duplicate key below', around('{"a":1,"a":2}')],
    ['duplicate key by escape', around('{"a":1,"\\u0061":2}')],
    ['NaN', around('NaN')],
    ['Infinity', around('Infinity')],
    ['-Infinity', around('-Infinity')],
    ['1e999', around('1e999')],
    ['-1e999', around('-1e999')],
    ['2^63', around('9223372036854775808')],
    ['-2^63-1', around('-9223372036854775809')],
    ['1000 digits', around('9'.repeat(1000))],
    ['leading zero', around('01')],
    ['hexadecimal', around('0x10')],
    ['plus', around('+1')],
    ['trailing comma', around('[1,]')],
    ['single quotes', "{'janus':'ping'}"],
    ['comment', around('1 /* one */')],
    ['NUL by escape in a key', around('{"a\\u0000b":1}')],
    ['line break in a string', around('"a\nb"')],
    ['lone high surrogate', around('"\\ud800"')],
    ['lone low surrogate', around('"\\udc00"')],
    ['two high surrogates', around('"\\ud800\\ud800"')],
    ['cut escape', around('"\\u12"')],
    ['cut text', '{"janus":"ping"'],
    ['only a quote', '"'],
    ['a backslash at the end', '{"janus":"\\'],
    ['only space', '   '],
    ['closing first', ']}'],
    ['byte order mark', '\ufeff{"janus":"ping","transaction":"t"}'],
  ];
  for (const [what, text] of table) {
    const reason = await refusedByBoth(what, text, 454);
    assert.match(reason, /byte \d+/, what);
  }
  assert.equal(await seen.diff(invalidJson), 2 * table.length);
});

test('S6: bytes that are no UTF-8, and NUL, are refused', async () => {
  for (const [what, value] of [
    ['a lone continuation', [0x80]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['a surrogate in UTF-8', [0xed, 0xa0, 0x80]],
    ['beyond U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
    ['a cut sequence', [0xe2, 0x82]],
    ['0xff', [0xff]],
  ]) {
    const text = bytes('{"janus":"ping","transaction":"', value, '"}');
    await refusedByBoth(what, text, 454, { closeCode: badUtf8Close });
  }
  await refusedByBoth('NUL in a string', bytes('{"janus":"ping","transaction":"a', [0], 'b"}'), 454);
  await refusedByBoth('NUL between', bytes('{"janus":"ping",', [0], '"transaction":"t"}'), 454);
  await assertHealthy(server);
});

test('S6: an escaped NUL in a transaction comes back as it was, or is refused', async () => {
  const { message } = await post('{"janus":"ping","transaction":"a\\u0000b"}');
  assert.ok(message.transaction === 'a\0b' || message.error?.code === 454, JSON.stringify(message));
});

test('S6: ids are positive integers up to 2^53-1', async () => {
  const client = await RawJanus.connect(server.websocketUrl);
  for (const [id, code] of [
    ['-1', 467],
    ['9007199254740992', 467],
    ['9223372036854775807', 467],
    ['1.5', 467],
    ['1e3', 467],
    ['"1"', 467],
    ['true', 467],
    ['null', 467],
    ['[1]', 467],
  ]) {
    const { message } = await client.ask(`{"janus":"create","id":${id},"transaction":"t"}`);
    assert.equal(message.error?.code, code, `${id}: ${JSON.stringify(message)}`);
  }
  const largest = await client.ask('{"janus":"create","id":9007199254740991,"transaction":"t"}');
  assert.equal(largest.message.data?.id, Number.MAX_SAFE_INTEGER);
  for (const id of ['-1', '9223372036854775807', '9007199254740992']) {
    for (const text of [
      `{"janus":"keepalive","session_id":${id},"transaction":"t"}`,
      `{"janus":"detach","session_id":9007199254740991,"handle_id":${id},"transaction":"t"}`,
    ]) {
      const { message } = await client.ask(text);
      assert.equal(message.janus, 'error', text);
      assert.ok([458, 459, 467].includes(message.error.code), JSON.stringify(message));
    }
  }
  await client.close();
});

/** Milliseconds from sending to the answer. */
async function time(run) {
  const began = performance.now();
  await run();
  return performance.now() - began;
}

test('S7: many keys, elements and values are refused, and quickly', async () => {
  const seen = await counterWatch(server);
  const keys = (count) => Array.from({ length: count }, (_, i) => `"k${i}":1`).join(',');
  const wide = (count, fanout) => {
    const row = `[${'1,'.repeat(fanout - 1)}1]`;
    return `[${Array.from({ length: count }, () => row).join(',')}]`;
  };
  const table = [
    ['1,001 keys', around(`{${keys(1001)}}`), /more than 1000 JSON members/],
    ['1,001 elements', around(`[${'1,'.repeat(1000)}1]`), /more than 1000 JSON members/],
    ['20,000 values in 40 lists', around(wide(40, 500)), /more than 10000 JSON values/],
    ['80,000 keys', `{"janus":"ping","transaction":"t","jsep":1,${keys(80_000)}}`, /more than 1000 JSON members/],
    ['500,000 elements', `{"janus":"ping","transaction":"t","jsep":[${'0,'.repeat(499_999)}0]}`, /more than 1000 JSON members/],
  ];
  for (const [what, text, reason] of table) {
    assert.match(await refusedByBoth(what, text, 454), reason, what);
  }
  assert.equal(await seen.diff(invalidJson), 2 * table.length);
  assert.equal((await post(around(`{${keys(1000)}}`))).message.janus, 'pong');

  // The last one is the largest that the cap on a message lets through: it may cost little more than its transport.
  const client = await RawJanus.connect(server.websocketUrl);
  const largest = table.at(-1)[1];
  const valid = `{"janus":"ping","transaction":"t","jsep":"${'0'.repeat(largest.length - 60)}"}`;
  const median = async (text) => {
    const times = [];
    for (let i = 0; i < 9; ++i) {
      times.push(await time(() => client.ask(text)));
    }
    return times.sort((a, b) => a - b)[4];
  };
  const refused = await median(largest);
  const taken = await median(valid);
  assert.ok(refused < taken + 20, `refusing takes ${refused} ms, a good message of that size ${taken} ms`);
  await client.close();
});

test('S7: a million keys or elements do not pass the transport', async () => {
  const seen = await counterWatch(server);
  const text = `{"jsep":1,"x":[${'0,'.repeat(1_000_000)}0]}`;
  const client = await RawJanus.connect(server.websocketUrl);
  assert.equal((await client.ask(text)).closed, 1009);
  assert.equal((await post(text)).status, 413);
  await seen.risen('cardea_transport_events_total{event="too_big",module="websocket"}');
  await seen.risen('cardea_transport_events_total{event="too_big",module="http"}');
  await assertHealthy(server);
});

/** One connection with a session and a handle, and `ask(object)` that checks the transaction of each answer. */
async function attached(plugin = 'janus.plugin.videoroom') {
  const client = await RawJanus.connect(server.websocketUrl);
  let counter = 0;
  const ask = async (message) => {
    const transaction = `s8-${(counter += 1)}`;
    let answer = (await client.ask(JSON.stringify({ transaction, ...message }))).message;
    assert.equal(answer?.transaction, message.transaction ?? transaction, `${JSON.stringify(message)}: ${JSON.stringify(answer)}`);
    if (answer.janus === 'ack' && message.janus === 'message') {
      answer = (await client.next()).message;
      assert.equal(answer.transaction, transaction);
    }
    return answer;
  };
  const session_id = (await ask({ janus: 'create' })).data.id;
  const handle_id = (await ask({ janus: 'attach', session_id, plugin })).data.id;
  return { client, ask, session_id, handle_id };
}

test('S8: wrong and missing members of every verb are named, with the transaction', async () => {
  const seen = await counterWatch(server);
  const { client, ask, session_id, handle_id } = await attached();
  const own = { session_id };
  const both = { session_id, handle_id };
  const table = [
    [{ janus: 'fly' }, 457, /fly/],
    [{ janus: '' }, 457, /''/],
    [{ janus: 'x'.repeat(2000) }, 457, /xxx/],
    [{ janus: 'fly', ...own }, 453, /fly/],
    [{ janus: 'fly', ...both }, 453, /fly/],
    [{ janus: 'create', ...own }, 453, /create/],
    [{ janus: 'create', id: 'me' }, undefined, /id/],
    [{ janus: 'create', id: session_id }, 468, /in use/],
    [{ janus: 'keepalive' }, 457, /keepalive/],
    [{ janus: 'keepalive', session_id: 'x' }, 467, /session_id/],
    [{ janus: 'keepalive', session_id: 4711 }, 458, /4711/],
    [{ janus: 'claim' }, 457, /claim/],
    [{ janus: 'claim', session_id: 4711 }, 458, /4711/],
    [{ janus: 'destroy' }, 457, /destroy/],
    [{ janus: 'destroy', session_id: 4711 }, 458, /4711/],
    [{ janus: 'destroy', ...both }, 457, /destroy/],
    [{ janus: 'attach', ...own }, 456, /plugin/],
    [{ janus: 'attach', ...own, plugin: 7 }, 467, /plugin/],
    [{ janus: 'attach', ...own, plugin: 'janus.plugin.nothing' }, 460, /janus\.plugin\.nothing/],
    [{ janus: 'attach', ...own, plugin: '../../etc/passwd' }, 460, /passwd/],
    [{ janus: 'attach', ...own, plugin: 'janus.plugin.videoroom', opaque_id: {} }, 467, /opaque_id/],
    [{ janus: 'attach', session_id: 4711, plugin: 'janus.plugin.videoroom' }, 458, /4711/],
    [{ janus: 'message', ...own, body: {} }, 457, /message/],
    [{ janus: 'message', ...own, handle_id: 4711, body: {} }, 459, /4711/],
    [{ janus: 'message', ...own, handle_id: 'x', body: {} }, 467, /handle_id/],
    [{ janus: 'message', ...own, handle_id: 0, body: {} }, 459, /andle/],
    [{ janus: 'message', session_id: 4711, handle_id, body: {} }, 458, /4711/],
    [{ janus: 'message', ...both }, 456, /body/],
    [{ janus: 'message', ...both, body: 'text' }, 467, /body/],
    [{ janus: 'message', ...both, body: [] }, 467, /body/],
    [{ janus: 'message', ...both, body: {}, jsep: 5 }, 455, /jsep/],
    [{ janus: 'message', ...both, body: {}, jsep: {} }, 456, /type/],
    [{ janus: 'message', ...both, body: {}, jsep: { type: 5, sdp: '' } }, 467, /type/],
    [{ janus: 'message', ...both, body: {}, jsep: { type: 'offer' } }, 456, /sdp/],
    [{ janus: 'message', ...both, body: {}, jsep: { type: 'offer', sdp: [] } }, 467, /sdp/],
    [{ janus: 'message', ...both, body: {}, jsep: { type: 'rollback', sdp: '' } }, 464, /rollback/],
    [{ janus: 'message', ...both, body: {}, jsep: { type: 'offer', sdp: '' } }, 465, /SDP/],
    [{ janus: 'message', ...both, body: {}, jsep: { type: 'offer', sdp: '', trickle: 'x' } }, 467, /trickle/],
    [{ janus: 'trickle', ...both }, 456, /candidate/],
    [{ janus: 'trickle', ...own, candidate: {} }, 457, /trickle/],
    [{ janus: 'trickle', ...both, candidate: {}, candidates: [] }, undefined, /candidate/],
    [{ janus: 'hangup', ...own }, 457, /hangup/],
    [{ janus: 'hangup', ...own, handle_id: 4711 }, 459, /4711/],
    [{ janus: 'detach', ...own }, 457, /detach/],
    [{ janus: 'detach', ...own, handle_id: 4711 }, 459, /4711/],
    [{ janus: 'detach', ...own, handle_id: -5 }, undefined, /handle|andle/],
  ];
  for (const [message, code, reason] of table) {
    const what = JSON.stringify(message).slice(0, 200);
    if (message.janus === 'create' && message.id === 'me') {
      // Janus answers this one without its transaction.
      const answer = (await client.ask(JSON.stringify({ ...message, transaction: 't' }))).message;
      assert.equal(answer.error?.code, 467, what);
      continue;
    }
    const answer = await ask(message);
    assert.equal(answer.janus, 'error', `${what}: ${JSON.stringify(answer)}`);
    if (code !== undefined) {
      assert.equal(answer.error.code, code, `${what}: ${JSON.stringify(answer)}`);
    }
    assert.match(answer.error.reason, reason, what);
  }
  assert.equal((await ask({ janus: 'keepalive', session_id })).janus, 'ack', 'the session has outlived it all');
  for (const code of [453, 455, 456, 457, 458, 459, 460, 464, 465, 467, 468]) {
    assert.ok((await seen.diff(`cardea_janus_errors_total{code="${code}"}`)) > 0, `errors ${code} are counted`);
  }
  await client.close();
});

test('S8: messages without verb, transaction or object are refused and the connection stays', async () => {
  const client = await RawJanus.connect(server.websocketUrl);
  for (const [text, code, reason] of [
    ['{}', 456, /transaction/],
    ['{"janus":"ping"}', 456, /transaction/],
    ['{"transaction":"t"}', 456, /janus/],
    ['{"janus":"ping","transaction":5}', 467, /transaction/],
    ['{"janus":5,"transaction":"t"}', 467, /janus/],
    ['{"janus":null,"transaction":"t"}', 467, /janus/],
    [`{"janus":"ping","transaction":"${'t'.repeat(513)}"}`, 467, /transaction/],
    ['[]', 455, /object/],
    ['[{"janus":"ping","transaction":"t"}]', 455, /object/],
  ]) {
    const { message } = await client.ask(text);
    assert.equal(message?.error?.code, code, `${text}: ${JSON.stringify(message)}`);
    assert.match(message.error.reason, reason, text);
  }
  for (const text of ['5', '"janus"', 'null', 'true']) {
    const { message } = await client.ask(text);
    assert.ok([454, 455].includes(message?.error?.code), `${text}: ${JSON.stringify(message)}`);
  }
  assert.equal((await client.ask('{"janus":"ping","transaction":"last"}')).message.transaction, 'last');
  await client.close();
});

const publisherRequests = ['publish', 'configure', 'unpublish', 'leave'];
const subscriberRequests = ['start', 'pause', 'configure', 'subscribe', 'unsubscribe', 'update', 'switch', 'leave'];

test('S8: wrong and missing members of every videoroom request are named', async () => {
  const { client, ask, session_id, handle_id } = await attached();
  const request = (body, jsep) => ask({ janus: 'message', session_id, handle_id, body, ...(jsep && { jsep }) });
  const fault = async (body, code, reason) => {
    const { plugindata } = await request(body);
    const { error_code, error } = plugindata?.data ?? {};
    const what = `${JSON.stringify(body).slice(0, 200)}: ${error_code} ${error}`;
    assert.equal(error_code, code, what);
    assert.match(error ?? '', reason, what);
  };
  const unknownRoom = 99_999_999;
  await fault({}, 429, /request/);
  await fault({ request: 5 }, 430, /request/);
  await fault({ request: 'fly' }, 423, /fly/);
  for (const name of [...publisherRequests, ...subscriberRequests]) {
    await fault({ request: name }, 424, /./); // only after joining
  }
  for (const name of ['edit', 'destroy', 'allowed', 'kick', 'moderate', 'listparticipants', 'exists']) {
    await fault({ request: name }, 429, /room/);
    await fault({ request: name, room: 'x' }, 430, /room/);
    await fault({ request: name, room: -1 }, 430, /room/);
    await fault({ request: name, room: 1.5 }, 430, /room/);
  }
  const more = { edit: {}, destroy: {}, allowed: { action: 'enable' }, kick: { id: 1 }, moderate: { id: 1, mid: '0', mute: true }, listparticipants: {} };
  for (const [name, members] of Object.entries(more)) {
    await fault({ request: name, room: unknownRoom, ...members }, 426, /99999999/);
  }
  await fault({ request: 'kick', room: 1234 }, 429, /id/);
  await fault({ request: 'moderate', room: 1234, id: 1, mid: '0' }, 429, /mute/);
  await fault({ request: 'moderate', room: 1234, id: 1, mid: 0, mute: true }, 430, /mid/);
  await fault({ request: 'allowed', room: 1234 }, 429, /action/);
  await fault({ request: 'create', room: 'x' }, 430, /room/);
  await fault({ request: 'create', room: 1234 }, 427, /1234/);
  await fault({ request: 'create', publishers: 1e9 }, 430, /publishers/);
  await fault({ request: 'create', description: 'x'.repeat(100_000) }, 430, /description/);
  await fault({ request: 'create', is_private: 'yes' }, 430, /is_private/);
  await fault({ request: 'create', allowed: 'x' }, 430, /allowed/);
  await fault({ request: 'create', allowed: [5] }, 430, /allowed/);
  for (const name of ['join', 'joinandconfigure']) {
    await fault({ request: name, ptype: 'publisher' }, 429, /room/);
    await fault({ request: name, room: unknownRoom, ptype: 'publisher' }, 426, /99999999/);
    await fault({ request: name, room: 1234, ptype: 'king' }, 430, /ptype/);
    await fault({ request: name, room: 1234, ptype: 5 }, 430, /ptype/);
    await fault({ request: name, room: 1234, ptype: 'publisher', display: 5 }, 430, /display/);
    await fault({ request: name, room: 1234, ptype: 'publisher', id: 'x' }, 430, /id/);
  }
  await fault({ request: 'join', room: 1234, ptype: 'subscriber' }, 429, /streams|feed/);
  await fault({ request: 'join', room: 1234, ptype: 'subscriber', streams: 5 }, 430, /streams/);
  await fault({ request: 'join', room: 1234, ptype: 'subscriber', streams: [5] }, 430, /streams/);
  await fault({ request: 'join', room: 1234, ptype: 'subscriber', streams: [{ feed: 'x' }] }, 430, /feed/);
  await fault({ request: 'join', room: 1234, ptype: 'subscriber', streams: [{ feed: 4711 }] }, 428, /4711|feed/);

  const joined = await request({ request: 'join', room: 1234, ptype: 'publisher', display: 'S8' });
  assert.equal(joined.plugindata.data.videoroom, 'joined');
  await fault({ request: 'join', room: 1234, ptype: 'publisher' }, 425, /./);
  await fault({ request: 'configure', bitrate: 'x' }, 430, /bitrate/);
  await fault({ request: 'configure', streams: [{}] }, 429, /mid/);
  await fault({ request: 'configure', streams: [{ mid: 'nope' }] }, 428, /nope/);
  await fault({ request: 'configure', display: ['x'] }, 430, /display/);
  await fault({ request: 'unpublish' }, 435, /./);
  await fault({ request: 'kick', room: 1234, id: 4711 }, 428, /4711/);
  for (const name of ['start', 'pause', 'subscribe', 'switch', 'fly']) {
    await fault({ request: name }, 423, /./); // not for a publisher
  }
  assert.equal((await request({ request: 'leave' })).plugindata.data.leaving, 'ok');
  assert.equal((await ask({ janus: 'keepalive', session_id })).janus, 'ack');
  await client.close();
  await assertHealthy(server);
});
