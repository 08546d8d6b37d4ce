// Bare Janus clients that keep every message they get, for comparing two servers: over WebSocket, and
// over HTTP with a long poll for each session.
import { WebSocket } from 'ws';

const kAnswerWithin = 6000;
const kFinal = new Set(['success', 'error', 'pong', 'server_info']);

/** Whether these messages of one transaction are all that there will be. */
function complete(messages, ackIsEnd) {
  const has = (kind) => messages.some((m) => m.janus === kind);
  // An event may overtake its ack.
  return messages.some((m) => kFinal.has(m.janus)) || (has('ack') && (ackIsEnd || has('event')));
}

/** Every message is kept in arrival order with the transaction it names. */
class Client {
  received = [];
  #waiters = new Set();
  #counter = 0;

  take(message) {
    this.received.push(message);
    for (const check of this.#waiters) {
      check();
    }
  }

  /** Resolves with the first value that `pick` finds, or null after `within` milliseconds. */
  until(pick, within = kAnswerWithin) {
    return new Promise((resolve) => {
      const finish = (value) => {
        clearTimeout(timer);
        this.#waiters.delete(check);
        resolve(value);
      };
      const check = () => {
        const found = pick(this.received);
        if (found) {
          finish(found);
        }
      };
      const timer = setTimeout(() => finish(null), within);
      this.#waiters.add(check);
      check();
    });
  }

  /**
   * Sends a request and waits for all messages of its transaction: a final answer, or the ack and
   * the event that completes it.
   */
  async request(message, { ackIsEnd = false } = {}) {
    const transaction = `t${++this.#counter}`;
    const before = this.received.length;
    await this.post({ ...message, transaction });
    // Janus leaves the transaction out of errors that it finds before it has read the request.
    const blind = (m) => m.janus === 'error' && m.transaction === undefined;
    const mine = () =>
      this.received.slice(before).filter((m) => m.transaction === transaction || blind(m));
    await this.until(() => complete(mine(), ackIsEnd));
    return mine();
  }
}

/** One WebSocket connection. */
export class Wire extends Client {
  constructor(socket) {
    super();
    this.socket = socket;
    socket.on('message', (data) => this.take(JSON.parse(data.toString())));
  }

  static async open(url, protocol = 'janus-protocol') {
    const socket = new WebSocket(url, protocol);
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return new Wire(socket);
  }

  post(message) {
    this.socket.send(JSON.stringify(message));
  }

  /** Sends text as it is and waits for the next message, whatever it is. */
  async raw(text) {
    const before = this.received.length;
    this.socket.send(text);
    return this.until((all) => all[before]);
  }

  async close() {
    this.socket.terminate();
  }
}

/** Requests by POST to REST paths, events by long polls. */
export class HttpWire extends Client {
  #ended = new AbortController();
  #polls = new Map();

  /** @param credentials members that each request and poll needs (`token`, `apisecret`). */
  constructor(url, { polls = true, credentials = {} } = {}) {
    super();
    Object.assign(this, { url, polls, credentials });
  }

  async post({ session_id, handle_id, ...message }) {
    const path = [session_id, handle_id].filter((id) => id !== undefined);
    const answer = await this.#fetch(path, JSON.stringify(message));
    this.take(answer);
    if (this.polls && message.janus === 'create' && answer.janus === 'success') {
      this.#polls.set(answer.data.id, this.#poll(answer.data.id));
    }
  }

  async raw(text) {
    const answer = await this.#fetch([], text);
    this.take(answer);
    return answer;
  }

  async #fetch(path, body) {
    const url = [this.url, ...path.map((id) => encodeURIComponent(id))].join('/');
    const response = await fetch(url, { method: 'POST', body });
    return response.json();
  }

  /** Takes the session's events until it is gone. */
  async #poll(session) {
    const query = new URLSearchParams({ maxev: 10, ...this.credentials });
    for (;;) {
      const url = `${this.url}/${session}?${query}&rid=${Date.now()}`;
      const events = await fetch(url, { signal: this.#ended.signal })
        .then((response) => response.json())
        .catch(() => null);
      if (!Array.isArray(events)) {
        return;
      }
      events.filter((event) => event.janus !== 'keepalive').forEach((event) => this.take(event));
    }
  }

  async close() {
    for (const session_id of this.#polls.keys()) {
      // A server that has died shows in the answers before.
      await this.post({ janus: 'destroy', session_id, transaction: 'end', ...this.credentials }).catch(
        () => {},
      );
    }
    this.#ended.abort();
    await Promise.all(this.#polls.values());
  }
}
