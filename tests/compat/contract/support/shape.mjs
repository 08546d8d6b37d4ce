// Reduces messages to their structure: keys and JSON types, with the values that are contract.

// Keys whose values clients switch on; of all others only the type counts.
const kValues = new Set([
  "janus", "videoroom", "echotest", "textroom", "plugin", "code", "error_code", "type", "result", "codec",
  "configured", "started", "paused", "left", "request", "media", "mid", "mindex", "feed_mid",
  "audio_codec", "video_codec", "display", "feed_display", "description",
]);

// Lists of which the order means nothing.
const kUnordered = new Set(["list", "participants", "publishers", "attendees"]);

// Lists of what others have made on the server: only the different shapes in it are contract.
const kOfOthers = new Set(["list", "rooms", "sessions", "handles", "tokens", "remotes", "forwarders"]);

const sorted = (values) =>
  values.map((value) => JSON.stringify(value)).sort().map((text) => JSON.parse(text));

// Texts for people that Janus's plugins may add to an ack; clients do nothing with them.
const kIgnored = new Set(["hint"]);

// "Room 4051931446446317": the number was drawn by the server.
const kDrawnName = /^Room \d{5,}$/;

/** @returns a plain value in which equal structures are deeply equal. */
export function shapeOf(value, key = "") {
  if (Array.isArray(value)) {
    const shapes = value.map((element) => shapeOf(element, key));
    if (kOfOthers.has(key)) {
      return sorted([...new Set(shapes.map((shape) => JSON.stringify(shape)))].map((text) => JSON.parse(text)));
    }
    return kUnordered.has(key) ? sorted(shapes) : shapes;
  }
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(
      Object.keys(value)
        .filter((name) => !kIgnored.has(name))
        .sort()
        .map((name) => [name, shapeOf(value[name], name)]),
    );
  }
  if (typeof value === "string" && kDrawnName.test(value)) {
    return "Room <number>";
  }
  if (value === null) {
    return "<null>";
  }
  if (typeof value === "boolean" || kValues.has(key)) {
    return value;
  }
  return `<${typeof value}>`;
}

/** The order of the messages of one transaction is no contract: ack and event may overtake. */
export const shapesOf = (messages) => sorted(messages.map((m) => shapeOf(m)));

/** The different shapes among messages; how often each comes is no contract. */
export function distinctShapesOf(messages) {
  return [...new Set(shapesOf(messages).map((shape) => JSON.stringify(shape)))].map((text) =>
    JSON.parse(text),
  );
}

const streamInWords = ({ type, disabled, active, send, feed_id: feed }) =>
  [type, feed, disabled && "disabled", active === false && "inactive", send === false && "held"]
    .filter((word) => word !== undefined && word !== false)
    .join(" ");

/** One event as a line: what happened, to whom, and what becomes of the streams. */
export function inWords(message) {
  if (message.janus !== "event") {
    return [message.janus, message.reason].filter(Boolean).join(": ");
  }
  const { videoroom, room, streams, publishers, ...rest } = message.plugindata.data;
  const words = [videoroom];
  for (const { id, streams: published } of publishers ?? []) {
    words.push(`publisher ${id} (${published.map(streamInWords).join(", ")})`);
  }
  if (streams) {
    words.push(`(${streams.map(streamInWords).join(", ")})`);
  }
  for (const [key, value] of Object.entries(rest)) {
    words.push(`${key} ${typeof value === "object" ? Object.keys(value).sort() : value}`);
  }
  return [...words, message.jsep ? `with ${message.jsep.type}` : ""].filter(Boolean).join(" ");
}
