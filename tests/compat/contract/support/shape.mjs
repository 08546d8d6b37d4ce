// Reduces messages to their structure: keys and JSON types, with the values that are contract.

// Keys whose values clients switch on; of all others only the type counts.
const kValues = new Set([
  "janus", "videoroom", "echotest", "plugin", "code", "error_code", "type", "result", "codec",
  "configured", "started", "paused", "left", "request", "media", "mid", "mindex", "feed_mid",
  "audio_codec", "video_codec", "display", "feed_display", "description",
]);

/** @returns a plain value in which equal structures are deeply equal. */
export function shapeOf(value, key = "") {
  if (Array.isArray(value)) {
    return value.map((element) => shapeOf(element, key));
  }
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(
      Object.keys(value)
        .sort()
        .map((name) => [name, shapeOf(value[name], name)]),
    );
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
export function shapesOf(messages) {
  return messages.map((m) => JSON.stringify(shapeOf(m))).sort().map((text) => JSON.parse(text));
}
