// Where Cardea's answers differ from Debian's janus on purpose, by conversation and step, each with
// the reason. A step listed here that does not differ fails the test.

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
  media: {
    'unasked: bob': 'the documentation promises "unpublished" for every end; janus has none at a kick',
    'unasked: carol': 'subscribers of a kicked publisher are offered its streams away, as of others',
    'unasked: erin': 'her offer was refused: there is no connection that could hang up',
  },
};

// Members of `info` that tell of janus's own build, logs and ICE agent; no client that was examined
// reads them.
export const infoLeftOut = new Set([
  'commit-hash', 'compile-time', 'log-to-stdout', 'log-to-file', 'candidates-timeout',
  'ice-nomination', 'ice-keepalive-conncheck', 'mdns-enabled', 'min-nack-queue',
  'nack-optimizations', 'twcc-period', 'dtls-mtu', 'static-event-loops',
]);
