// Where Cardea's answers differ from Debian's janus on purpose, by conversation and step, each with
// the reason. A step listed here that does not differ fails the test.

const once = 'janus tells of one end twice when the connection is closed for it';
const kicked = 'the documentation promises "unpublished" for every end; janus has none at a kick';
const ended = 'janus leaves the connections of subscribers open when the room ends';
const notReady = 'janus calls an inactive stream ready';
const left =
  'the documentation says that leaving unpublishes; janus keeps the connection of who has left open';

export const deliberate = {
  core: {
    array: 'janus says 455 over HTTP and 456 over WebSocket; one code for a text that is no object',
    'session id is text': 'an id of the wrong type is an invalid element, whatever the verb',
    'handle id is text': 'an id of the wrong type is an invalid element, whatever the verb',
    'unasked: echo': 'janus says "done" without a connection that could be done',
  },
  rooms: {
    'allowed: disable': 'janode throws on an answer without the list that all other actions give',
  },
  participants: {
    'configure: streams is text': 'janus ignores a wrong type here; it is an invalid element',
    'join another room after leaving':
      'janus refuses every later join on a handle; one that has left may join again',
    'kick dave': 'he is in the room, because he could join again',
    'unasked: dave': 'he is told of the kick',
  },
  publishing: {
    'unpublish before the connection is up':
      'janus refuses, and a client that changes its mind is stuck until the connection is up',
    'unasked: alice': 'the documentation promises "unpublished" beside "leaving"; janus sends one',
    'unasked: bob': 'a connection that has not come up yet ends with a "hangup" too',
    'unasked: dave': 'a connection that has not come up yet ends with a "hangup" too',
  },
  textroom: {
    'the list': 'without "textroom", which janus leaves out here, janode throws',
    kick: 'janus writes "textbridge" where "textroom" is documented',
    'destroy: ann hears': 'janus says it twice',
  },
  http: {
    'ping by GET': 'janus has no body; an error says what is wrong',
    'poll of an unknown session': 'janus has no body; an error says what is wrong',
    'poll of text': 'janus has no body; an error says what is wrong',
    'poll of nothing': 'janus has no body; an error says what is wrong',
    'poll after the end': 'janus has no body; an error says what is wrong',
    'session in path and body': 'janus leaves the transaction out',
  },
  media: {
    'unasked: bob': 'the documentation promises "unpublished" for every end; janus has none at a kick',
    'unasked: carol': 'subscribers of a kicked publisher are offered its streams away, as of others',
    'unasked: erin': 'her offer was refused: there is no connection that could hang up',
  },
  crowd: {
    'alice has unpublished: bob': once,
    'alice has unpublished: carol': once,
    'bob has gone: carol': once,
    'fred is kicked: carol': kicked,
    'fred is kicked: gina': kicked,
    'unasked: gina': kicked,
    'the room has ended: dave': ended,
    'the room has ended: erin': ended,
    'unasked: hans': ended,
    'dave, afterwards': 'janus goes on to serve a subscription to a room that is no more',
    'unasked: dave': notReady,
  },
  changes: {
    'alice holds the video back': 'a stream that is held back has no codec',
    'restart while an offer is open': 'who asks is told that it will come; janus only acks',
    'unsubscribe from bob': notReady,
    'switch an inactive line to bob': notReady,
    'bob has left: alice': left,
    'bob has left: carol': left,
    'bob has left: bob': left,
    'bob has left: dave': left,
    'dave follows bob': left,
    'unasked: alice': left,
    'unasked: carol': left,
    'unasked: dave': left,
    'dave, afterwards': 'janus goes on to serve a subscription that has left',
  },
};

// Members of `info` that tell of janus's own build, logs and ICE agent; no client that was examined
// reads them.
export const infoLeftOut = new Set([
  'commit-hash', 'compile-time', 'log-to-stdout', 'log-to-file', 'candidates-timeout',
  'ice-nomination', 'ice-keepalive-conncheck', 'mdns-enabled', 'min-nack-queue',
  'nack-optimizations', 'twcc-period', 'dtls-mtu', 'static-event-loops',
]);
