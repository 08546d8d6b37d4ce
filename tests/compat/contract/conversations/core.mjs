// The core verbs: sessions, handles, and each error that a client can cause.
export const name = "core verbs and their errors";

const kEcho = "janus.plugin.echotest";

async function outsideSessions(t) {
  await t.core("ping", { janus: "ping" });
  await t.core("unknown verb without a session", { janus: "nonsense" });
  await t.core("verb of another case", { janus: "PING" });
  await t.raw("bad JSON", "{ this is not json");
  await t.raw("empty object", "{}");
  await t.raw("array", "[]");
  await t.raw("verb is a number", '{"janus": 1, "transaction": "x"}');
  await t.raw("verb is missing", '{"transaction": "x"}');
  await t.raw("transaction is missing", '{"janus": "create"}');
  await t.raw("transaction is a number", '{"janus": "create", "transaction": 7}');
  await t.core("session id is text", { janus: "keepalive", session_id: "one" });
  await t.core("session id is negative", { janus: "keepalive", session_id: -1 });
  await t.core("unknown session", { janus: "keepalive", session_id: 123456 });
  await t.core("attach without a session", { janus: "attach", plugin: kEcho });
  await t.core("message without a session", { janus: "message", body: {} });
  await t.core("handle without a session", { janus: "message", handle_id: 5, body: {} });
  await t.core("claim of an unknown session", { janus: "claim", session_id: 123456 });
}

async function insideSessions(t) {
  const created = await t.core("create", { janus: "create" });
  const session_id = created.data.id;
  await t.core("create with a chosen id", { janus: "create", id: 4711 });
  await t.core("create with a taken id", { janus: "create", id: 4711 });
  await t.core("keepalive", { janus: "keepalive", session_id }, { ackIsEnd: true });
  await t.core("claim", { janus: "claim", session_id });
  await t.core("unknown verb in a session", { janus: "nonsense", session_id });
  await t.core("ping in a session", { janus: "ping", session_id });
  await t.core("create in a session", { janus: "create", session_id });
  await t.core("message without a handle", { janus: "message", session_id, body: {} });
  await t.core("attach without a plugin", { janus: "attach", session_id });
  await t.core("attach with a plugin that is no text", { janus: "attach", session_id, plugin: 4 });
  await t.core("attach to an unknown plugin", { janus: "attach", session_id, plugin: "no.such" });
  await t.core("attach with a bad opaque id", {
    janus: "attach", session_id, plugin: kEcho, opaque_id: 7,
  });
  await t.core("unknown handle", { janus: "message", session_id, handle_id: 987, body: {} });
  await t.core("handle id is text", { janus: "message", session_id, handle_id: "x", body: {} });
  await t.core("destroy", { janus: "destroy", session_id });
  await t.core("destroyed session", { janus: "keepalive", session_id });
}

async function insideHandles(t) {
  const session_id = await t.session();
  const handle = await t.attach(session_id, kEcho, "echo");
  await handle.verb("unknown verb in a handle", "nonsense");
  await handle.verb("keepalive in a handle", "keepalive");
  await handle.verb("attach in a handle", "attach", { plugin: kEcho });
  await handle.verb("message without a body", "message");
  await handle.verb("message whose body is text", "message", { body: "text" });
  await handle.verb("message whose body is a list", "message", { body: [] });
  await handle.verb("jsep that is text", "message", { body: {}, jsep: "text" });
  await handle.verb("jsep without a type", "message", { body: {}, jsep: { sdp: "v=0" } });
  await handle.verb("jsep of an unknown type", "message", {
    body: {}, jsep: { type: "guess", sdp: "v=0" },
  });
  await handle.verb("jsep without SDP", "message", { body: {}, jsep: { type: "offer" } });
  await handle.verb("jsep with bad SDP", "message", {
    body: {}, jsep: { type: "offer", sdp: "nonsense" },
  });
  await handle.verb("trickle without a candidate", "trickle");
  await handle.verb("trickle with one candidate", "trickle", {
    candidate: { sdpMid: "0", sdpMLineIndex: 0, candidate: "candidate:1 1 udp 1 127.0.0.1 9 typ host" },
  });
  await handle.verb("trickle completed", "trickle", { candidate: { completed: true } });
  await handle.verb("trickle with a list", "trickle", { candidates: [{ completed: true }] });
  await handle.verb("trickle with an empty list", "trickle", { candidates: [] });
  await handle.verb("trickle with both", "trickle", {
    candidate: { completed: true }, candidates: [{ completed: true }],
  });
  await handle.verb("trickle with a text candidate", "trickle", { candidate: "candidate:1" });
  await handle.verb("trickle with a list that is none", "trickle", { candidates: 4 });
  await handle.verb("trickle candidate without a candidate", "trickle", {
    candidate: { sdpMid: "0" },
  });
  await handle.verb("hangup without a peer", "hangup");
  await t.quiet();
  await handle.verb("detach", "detach");
  await handle.verb("message after detach", "message", { body: {} });
}

export async function script(t) {
  await outsideSessions(t);
  await insideSessions(t);
  await insideHandles(t);
}
