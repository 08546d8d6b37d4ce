// Three clients that send random requests, good and bad, in the same rooms: the server lives, and nothing stays behind.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { publisherOffer, viewerAnswer } from '../bench/sdp.mjs';
import { assertHealthy, metric, waitForMetric } from '../support/metrics.mjs';
import { random } from '../support/random.mjs';
import { RawJanus } from '../support/raw_janus.mjs';
import { startServer } from '../support/server.mjs';

const seconds = 20;
const seed = Number(process.env.CARDEA_TEST_SEED ?? 20_260_714);
const plugin = 'janus.plugin.videoroom';
const rooms = [1234, 5678, 91011];

const ice = {
  ufrag: 'abcd',
  pwd: 'abcdefghijklmnopqrstuvwx',
  fingerprint: `sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}`,
  ip: '127.0.0.1',
  port: 9,
};

/** What the clients know of each other's ids: right ones, old ones and, now and then, none. */
const known = { sessions: [], handles: [], feeds: [], offers: [] };
const keep = (list, value) => {
  list.push(value);
  if (list.length > 24) {
    list.shift();
  }
};

function makeRequest(next) {
  const pick = (list, fallback) => (list.length ? list[next(list.length)] : fallback);
  const junk = () => pick([null, -1, 0, 1.5, 2 ** 53, '', 'x'.repeat(600), [], {}, true, [{}], { a: [1, { b: null }] }]);
  const maybe = (value) => (next(12) === 0 ? junk() : value);
  const room = () => maybe(pick(rooms));
  const feed = () => maybe(pick(known.feeds, 4711));
  const mid = () => maybe(String(next(4)));
  const streams = () => Array.from({ length: next(4) }, () => ({ feed: feed(), mid: mid(), sub_mid: mid(), send: maybe(next(2) === 0), substream: maybe(next(3)) }));
  const offer = () => {
    const sdp = publisherOffer(ice, { audioSsrc: 1 + next(5), videoSsrc: 10 + next(5) });
    const lines = sdp.split('\r\n');
    if (next(6) === 0) {
      lines.splice(next(lines.length), 1 + next(3));
    }
    return { type: maybe('offer'), sdp: lines.join('\r\n') };
  };
  const answer = () => {
    const sdp = pick(known.offers, 'v=0');
    return { type: 'answer', sdp: sdp.includes('m=') ? viewerAnswer(sdp, ice) : sdp };
  };
  const bodies = [
    () => [{ request: 'create', room: room(), publishers: maybe(1 + next(6)), is_private: maybe(false), pin: next(8) ? undefined : maybe('1') }],
    () => [{ request: 'destroy', room: room() }],
    () => [{ request: 'edit', room: room(), new_publishers: maybe(1 + next(9)), new_description: maybe('x') }],
    () => [{ request: 'exists', room: room() }],
    () => [{ request: 'list' }],
    () => [{ request: 'listparticipants', room: room() }],
    () => [{ request: 'allowed', room: room(), action: maybe(pick(['enable', 'disable', 'add', 'remove'])), allowed: maybe(['a']) }],
    () => [{ request: 'kick', room: room(), id: feed() }],
    () => [{ request: 'moderate', room: room(), id: feed(), mid: mid(), mute: maybe(true) }],
    () => [{ request: 'join', ptype: maybe('publisher'), room: room(), display: maybe('someone') }],
    () => [{ request: 'join', ptype: maybe('publisher'), room: room(), id: feed() }],
    () => [{ request: 'joinandconfigure', ptype: 'publisher', room: room() }, offer()],
    () => [{ request: 'join', ptype: maybe('subscriber'), room: room(), streams: maybe(streams()) }],
    () => [{ request: 'join', ptype: 'subscriber', room: room(), feed: feed() }],
    () => [{ request: 'publish' }, offer()],
    () => [{ request: 'configure', bitrate: maybe(100_000), streams: maybe(streams()) }, next(3) ? undefined : offer()],
    () => [{ request: 'configure', restart: true }],
    () => [{ request: 'unpublish' }],
    () => [{ request: 'start' }, answer()],
    () => [{ request: 'pause' }],
    () => [{ request: 'subscribe', streams: maybe(streams()) }],
    () => [{ request: 'unsubscribe', streams: maybe(streams()) }],
    () => [{ request: 'update', subscribe: maybe(streams()), unsubscribe: maybe(streams()) }],
    () => [{ request: 'switch', streams: maybe(streams()) }],
    () => [{ request: 'leave' }],
    () => [junk(), junk()],
  ];
  const session_id = maybe(pick(known.sessions, 1));
  // Mostly a handle of that very session.
  const own = known.handles.filter((entry) => entry.session === session_id);
  const handle_id = maybe(pick(own.length && next(10) ? own : known.handles, { handle: 2 }).handle);
  const both = { session_id, handle_id };
  const trickled = { candidate: maybe('candidate:1 1 udp 1 10.0.0.1 9 typ host'), sdpMLineIndex: 0 };
  switch (next(24)) {
    case 0:
      return { janus: 'create' };
    case 1:
      return { janus: 'attach', session_id, plugin: maybe(next(6) ? plugin : 'janus.plugin.echotest') };
    case 2:
      return next(4) ? { janus: 'keepalive', session_id } : { janus: 'destroy', session_id };
    case 3:
      return next(3) ? { janus: 'hangup', ...both } : { janus: 'detach', ...both };
    case 4:
      return { janus: 'trickle', ...both, candidate: maybe(next(2) ? trickled : { completed: true }) };
    case 5:
      return { janus: maybe('claim'), session_id };
    default: {
      const [body, jsep] = pick(bodies)();
      return { janus: 'message', ...both, body, ...(jsep !== undefined && { jsep }) };
    }
  }
}

// As in Janus, an error found before the transaction was understood has none.
const isAnonymousError = ({ janus, transaction }) => janus === 'error' && transaction === undefined;

function learn({ message }, codes) {
  const data = message?.plugindata?.data ?? {};
  codes.add(message?.error?.code ?? data.error_code ?? message?.janus);
  if (data.videoroom === 'joined') {
    keep(known.feeds, data.id);
  }
  if (message?.jsep?.type === 'offer') {
    keep(known.offers, message.jsep.sdp);
  }
}

async function client(server, number, codes) {
  const next = random(seed + number);
  let sent = 0;
  for (const end = Date.now() + seconds * 1000; Date.now() < end;) {
    const connection = await RawJanus.connect(server.websocketUrl);
    // A connection now and then, cut or closed with everything that hangs on it.
    for (let i = 50 + next(300); i > 0 && Date.now() < end; --i) {
      const request = makeRequest(next);
      const transaction = `${number}-${(sent += 1)}`;
      connection.send(JSON.stringify({ ...request, transaction }));
      let answer;
      do {
        answer = await connection.next();
        assert.equal(answer.closed, undefined, `closed after ${JSON.stringify(request)}`);
        learn(answer, codes);
      } while (answer.message.transaction !== transaction && !isAnonymousError(answer.message));
      if (request.janus === 'create' && answer.message.janus === 'success') {
        keep(known.sessions, answer.message.data.id);
      } else if (request.janus === 'attach' && answer.message.janus === 'success') {
        keep(known.handles, { session: request.session_id, handle: answer.message.data.id });
      }
    }
    next(2) ? connection.terminate() : await connection.close();
  }
  return sent;
}

test(`three clients with random requests for ${seconds} s (seed ${seed})`, { timeout: 60_000 }, async () => {
  const server = await startServer({ env: { CARDEA_LIMITS_ENABLED: 'no', CARDEA_JANUS_OPEN: 'yes', CARDEA_JANUS_RECLAIM_TIMEOUT: '1' } });
  const codes = new Set();
  try {
    const sent = await Promise.all([1, 2, 3].map((number) => client(server, number, codes)));
    assert.ok(Math.min(...sent) > 200, `${sent} requests`);
    // The sequences go deep: rooms, feeds and subscriptions have been right and wrong.
    for (const code of ['success', 'ack', 'event', 424, 426, 428, 430, 458, 459, 465, 467]) {
      assert.ok(codes.has(code), `no answer was ${code}: ${[...codes]}`);
    }
    assert.ok((await metric(server, 'cardea_janus_events_total')) > 100);
    for (const gauge of ['cardea_sessions', 'cardea_handles', 'cardea_media_peers', 'cardea_media_routes']) {
      await waitForMetric(server, gauge, (value) => value === 0);
    }
    await assertHealthy(server);
  } finally {
    await server.stop();
  }
});
