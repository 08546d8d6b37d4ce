// Every verb of the Janus API. `session` and `handle` are new ones, of EchoTest.
const kEcho = 'janus.plugin.echotest';
const inSession = { session_id: 'id!' };
const inHandle = { session_id: 'id!', handle_id: 'id!' };
const at = ({ session, handle }) => ({ session_id: session, handle_id: handle });
const strangers = { 'unknown session': { session_id: 4711 } };
const strangersInHandle = { ...strangers, 'unknown handle': { handle_id: 4711 } };

const kCandidate = {
  sdpMid: '0', sdpMLineIndex: 0, candidate: 'candidate:1 1 udp 1 127.0.0.1 9 typ host',
};

export const requests = [
  { verb: 'ping', body: () => ({}) },
  { verb: 'info', body: () => ({}) },
  { verb: 'nonsense', title: '(an unknown verb)', body: () => ({}) },
  {
    verb: 'nonsense', title: '(an unknown verb in a session)', fields: inSession,
    body: ({ session }) => ({ session_id: session }),
  },
  { verb: 'nonsense', title: '(an unknown verb in a handle)', fields: inHandle, body: at },
  { verb: 'create', fields: { id: 'id' }, body: () => ({}), also: { 'id is taken': { id: 'taken' } } },
  {
    verb: 'claim', fields: inSession, also: strangers, body: ({ session }) => ({ session_id: session }),
  },
  {
    verb: 'keepalive', fields: inSession, also: strangers,
    body: ({ session }) => ({ session_id: session }),
  },
  {
    verb: 'attach',
    fields: { ...inSession, plugin: 'text!', opaque_id: 'text', loop_index: 'number' },
    body: ({ session }) => ({ session_id: session, plugin: kEcho, opaque_id: 'me', loop_index: 0 }),
    also: { ...strangers, 'unknown plugin': { plugin: 'no.such' } },
  },
  {
    verb: 'message', fields: { ...inHandle, body: 'object!', jsep: 'object' },
    body: (context) => ({ ...at(context), body: { audio: true } }),
    also: {
      ...strangersInHandle,
      'jsep without a type': { jsep: { sdp: 'v=0' } },
      'jsep of an unknown type': { jsep: { type: 'x', sdp: 'v=0' } },
      'jsep without SDP': { jsep: { type: 'offer' } },
      'jsep with bad SDP': { jsep: { type: 'offer', sdp: 'x' } },
      'SDP is a number': { jsep: { type: 'offer', sdp: 4 } },
    },
  },
  {
    verb: 'trickle', fields: { ...inHandle, candidate: 'object!', candidates: 'list' },
    body: (context) => ({ ...at(context), candidate: kCandidate }),
    also: {
      ...strangersInHandle,
      completed: { candidate: { completed: true } },
      'a list': { candidate: undefined, candidates: [kCandidate, { completed: true }] },
      'an empty list': { candidate: undefined, candidates: [] },
      'both forms': { candidates: [kCandidate] },
      'candidate without sdpMid and index': { candidate: { candidate: kCandidate.candidate } },
      'candidate without text': { candidate: { sdpMid: '0' } },
      'candidate text is a number': { candidate: { ...kCandidate, candidate: 4 } },
      'null': { candidate: null },
    },
  },
  { verb: 'hangup', fields: inHandle, also: strangersInHandle, body: at },
  { verb: 'detach', fields: inHandle, also: strangersInHandle, body: at },
  { verb: 'destroy', fields: inSession, also: strangers, body: ({ session }) => ({ session_id: session }) },
];
