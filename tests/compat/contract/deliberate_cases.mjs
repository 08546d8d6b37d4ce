// Where answers to single requests differ from Debian's janus on purpose, with the reason. A rule that
// no case needs any more fails the test. `transport`, `group`, `request`, `case`: text or pattern, any if
// left out; `case` and `why` always say something.
const ignored = 'janus ignores a member of the wrong type here; it is an invalid element';

export const deliberateCases = [
  {
    group: /core|admin/, case: /_id is (text|a flag|negative)$|without (session|handle)_id/,
    why: 'an id of the wrong type is an invalid element, and a path that names no session or handle is said so',
  },
  {
    group: /core|admin/, request: 'info', case: /./,
    why: "members of janus's own build are left out, ours is added (compared in contract.test.mjs)",
  },
  {
    group: 'admin', request: 'loops_info', case: 'success',
    why: 'the one loop that serves all is listed',
  },
  {
    group: 'admin', request: /^handle_info/, case: /success|of the plugin only/,
    why: "what a plugin and a connection tell is their own; the members that janus's admin page reads are there",
  },
  {
    group: 'admin', request: 'query_transport', case: 'connections over HTTP',
    why: 'one number for all ports, as over WebSocket; messages are counted in /metrics',
  },
  {
    group: 'admin', request: 'list_tokens', case: 'success',
    why: 'a token that may use no plugin is listed too; janus hides it',
  },
  {
    group: 'admin', request: /^start_/, case: 'a folder of its own',
    why: 'captures stay below the folder of the configuration; janus writes wherever a client says',
  },
  {
    group: 'admin', request: 'message_plugin', case: 'to EchoTest',
    why: 'janus sends the request back; EchoTest has none that is answered at once',
  },
  {
    group: 'admin', request: 'message_plugin', case: 'TextRoom lists',
    why: '`request` works here as it does on a handle',
  },
  {
    group: 'admin', request: /^(add|allow|disallow)_token/, case: 'a plugin is a number', why: ignored,
  },
  {
    group: 'videoroom', request: 'rtp_forward', case: 'with RTCP',
    why: 'RTCP is taken at the port that the RTP comes from, not at another one',
  },
  {
    group: 'videoroom', request: 'rtp_forward', case: 'each size by itself',
    why: 'a stream of one size has no others to forward',
  },
  {
    group: 'videoroom', request: /^(kick|moderate|enable_recording)$/, case: /^room is|^without room/,
    why: 'janus looks the room up before it looks at the type of the number',
  },
  {
    group: 'videoroom', request: 'allowed', case: 'disable',
    why: 'janode throws on an answer without the list that all other actions give',
  },
  {
    group: 'videoroom',
    request: /^(list|join as|joinandconfigure|publish|configure as)/,
    case: /is (text|a number|negative)$|stream without a mid/, why: ignored,
  },
  {
    group: 'videoroom', request: 'create', case: 'recordings outside of their folder',
    why: 'recordings stay below the folder of the configuration; janus writes wherever a client says',
  },
  {
    group: 'videoroom', request: 'join as a subscriber, the old way', case: 'listener',
    why: 'clients older than janus 1.0 say "listener" for "subscriber"',
  },
  {
    group: 'videoroom', request: 'subscribe in a room that wants a private id', case: /./,
    why: 'a stranger is not told which feeds there are',
  },
  {
    group: 'videoroom', request: 'join as a subscriber', case: 'with targets',
    why: 'janus ignores `send`, which is documented here',
  },
  {
    group: 'videoroom', request: 'configure as a subscriber', case: 'restart',
    why: 'janus says nothing while an offer is unanswered; "updating" is documented',
  },
  {
    group: 'videoroom', request: 'rtp_forward', case: 'port is too large',
    why: 'janus takes the port modulo 65536',
  },
  {
    group: 'videoroom', request: 'add_remote_publisher', case: /^srtp_/, why: ignored,
  },
  {
    group: 'textroom', request: /^listparticipants/, case: 'success',
    why: 'without "textroom", which janus leaves out here, janode throws',
  },
  {
    group: 'textroom', request: /^kick/, case: 'success',
    why: 'janus writes "textbridge" where "textroom" is documented',
  },
  {
    group: 'textroom', request: 'list with an admin_key', case: 'admin_key is a number', why: ignored,
  },
  {
    group: 'textroom', request: 'restart', case: 'success',
    why: 'a restart of what was never set up sets it up',
  },
  {
    group: 'echotest', case: /^(svc|spatial_layer|temporal_layer) is/, why: ignored,
  },
];
