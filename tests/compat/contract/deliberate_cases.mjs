// Where answers to single requests differ from Debian's janus on purpose, with the reason. A rule that
// no case needs any more fails the test. `transport`, `group`, `request`, `case`: text or pattern, any if
// left out; `case` and `why` always say something.
const ignored = 'janus ignores a member of the wrong type here; it is an invalid element';

export const deliberateCases = [
  {
    group: 'core', case: /_id is (text|a flag|negative)$|without (session|handle)_id/,
    why: 'an id of the wrong type is an invalid element, and a path that names no session or handle is said so',
  },
  {
    group: 'core', request: 'info', case: /./,
    why: "members of janus's own build are left out, ours is added (compared in contract.test.mjs)",
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
    group: 'textroom', request: 'restart', case: 'success',
    why: 'a restart of what was never set up sets it up',
  },
  {
    group: 'echotest', case: /^(svc|spatial_layer|temporal_layer) is/, why: ignored,
  },
];
