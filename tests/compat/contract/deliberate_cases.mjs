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
    group: 'videoroom', request: /^(kick|moderate)$/, case: /^room is|^without room/,
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
    group: 'echotest', case: /^(svc|spatial_layer|temporal_layer) is/, why: ignored,
  },
];
