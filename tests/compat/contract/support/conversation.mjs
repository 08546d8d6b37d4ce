// Runs one scripted conversation against one server and records the structure of all it says.
import { Wire } from "./wire.mjs";
import { distinctShapesOf, inWords, shapesOf } from "./shape.mjs";

const kQuiet = 150;

/** One handle of a plugin; its unasked-for events are recorded under its name. */
class HandleUnderTest {
  constructor(talk, session, id, name) {
    Object.assign(this, { talk, session, id, name });
  }

  /** Sends a plugin request, records the answers under `label`, and gives back the last plugindata. */
  async message(label, body, jsep) {
    const answers = await this.talk.wire.request({
      janus: "message", session_id: this.session, handle_id: this.id, body, ...(jsep && { jsep }),
    });
    this.talk.record(label, answers);
    const last = answers.find((m) => m.plugindata);
    return { ...(last?.plugindata?.data ?? {}), jsep: last?.jsep };
  }

  async verb(label, janus, extra = {}) {
    const answers = await this.talk.wire.request(
      { janus, session_id: this.session, handle_id: this.id, ...extra },
      { ackIsEnd: true },
    );
    this.talk.record(label, answers);
    return answers[0];
  }
}

export class Conversation {
  constructor(wire) {
    this.wire = wire;
    this.answers = new Map();
    this.handles = [];
  }

  record(label, messages) {
    if (this.answers.has(label)) {
      throw new Error(`two steps are called "${label}"`);
    }
    this.answers.set(label, shapesOf(messages));
  }

  /** A core request outside any handle. */
  async core(label, message, options) {
    const answers = await this.wire.request(message, options);
    this.record(label, answers);
    return answers[0];
  }

  async raw(label, text) {
    const answer = await this.wire.raw(text);
    this.record(label, answer ? [answer] : []);
    return answer;
  }

  async session() {
    const [answer] = await this.wire.request({ janus: "create" });
    return answer.data.id;
  }

  async attach(session, plugin, name) {
    const [answer] = await this.wire.request({ janus: "attach", session_id: session, plugin });
    const handle = new HandleUnderTest(this, session, answer.data.id, name);
    this.handles.push(handle);
    return handle;
  }

  /** What came unasked to each handle since the last call, in its order, in a few words. */
  async heard(label, handles, milliseconds) {
    await this.quiet(milliseconds);
    for (const handle of handles) {
      // When media begins to flow is no matter of order.
      const all = this.wire.received.filter(
        (m) => m.sender === handle.id && !m.transaction && !["media", "slowlink"].includes(m.janus),
      );
      this.answers.set(`${label}: ${handle.name}`, all.slice(handle.taken ?? 0).map(inWords));
      handle.taken = all.length;
    }
  }

  quiet(milliseconds = kQuiet) {
    return new Promise((resolve) => setTimeout(resolve, milliseconds));
  }

  /** Everything that was said: answers by label, and per handle what came unasked. */
  async result() {
    await this.quiet();
    const unasked = {};
    for (const { id, name } of this.handles) {
      const events = this.wire.received.filter((m) => m.sender === id && !m.transaction);
      unasked[name] = distinctShapesOf(events);
    }
    return { answers: Object.fromEntries(this.answers), unasked };
  }
}

/** @returns the record of `script` run against the server at `url`. */
export async function converse(url, script, context) {
  const wire = await Wire.open(url);
  const talk = new Conversation(wire);
  try {
    await script(talk, context);
    return await talk.result();
  } finally {
    await wire.close();
  }
}
