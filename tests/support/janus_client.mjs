// A raw Janus API client over WebSocket: requests with transactions, and every other message in a queue.
import WebSocket from 'ws';

const defaultTimeoutMs = 8000;

export class JanusClient {
  #socket;
  #members;
  #counter = 0;
  #waiting = new Map();
  #queue = [];
  #watchers = new Set();

  /**
   * @param {string} protocol `janus-protocol` or `janus-admin-protocol`.
   * @param {object} members what every request has beside its own, such as a token.
   */
  static async connect(url, protocol = 'janus-protocol', members = {}) {
    const client = new JanusClient();
    client.#members = members;
    client.#socket = new WebSocket(url, protocol);
    client.#socket.on('message', (data) => client.#receive(String(data)));
    await new Promise((resolve, reject) => {
      client.#socket.once('open', resolve);
      client.#socket.once('error', reject);
    });
    client.closed = new Promise((resolve) => {
      client.#socket.once('close', (code, reason) => resolve({ code, reason: String(reason) }));
    });
    return client;
  }

  /** Sends text as it is; the answer lands in the queue. */
  sendRaw(text) {
    this.#socket.send(text);
  }

  /** Sends a message and resolves with the first message of the same transaction, ack or not. */
  request(message, timeoutMs = defaultTimeoutMs) {
    const transaction = message.transaction ?? `t${(this.#counter += 1)}`;
    const answer = new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(transaction);
        reject(new Error(`no answer to ${JSON.stringify(message)} within ${timeoutMs} ms`));
      }, timeoutMs);
      this.#waiting.set(transaction, (value) => {
        clearTimeout(timer);
        resolve(value);
      });
    });
    this.sendRaw(JSON.stringify({ ...this.#members, ...message, transaction }));
    return answer;
  }

  /** Creates a session. @returns its id. */
  async createSession() {
    const answer = await this.request({ janus: 'create' });
    return answer.data.id;
  }

  /** Attaches to a plugin. @returns the handle's id. */
  async attach(session, plugin) {
    const answer = await this.request({ janus: 'attach', session_id: session, plugin });
    return answer.data.id;
  }

  /**
   * Sends a plugin message and resolves with the plugin's answer: the `success`, the `error`, or the event with the
   * same transaction (whether it comes before or after its ack).
   */
  async message(session, handle, body, jsep, timeoutMs = defaultTimeoutMs) {
    const transaction = `m${(this.#counter += 1)}`;
    const first = await this.request(
      {
        janus: 'message',
        session_id: session,
        handle_id: handle,
        body,
        ...(jsep && { jsep }),
        transaction,
      },
      timeoutMs,
    );
    if (first.janus !== 'ack') {
      return first;
    }
    return this.next(
      (message) => message.transaction === transaction && message.janus !== 'ack',
      timeoutMs,
    );
  }

  /** Takes the first queued message that fits out of the queue, waiting for one if needed. */
  next(fits = () => true, timeoutMs = defaultTimeoutMs) {
    return new Promise((resolve, reject) => {
      const look = () => {
        const index = this.#queue.findIndex(fits);
        if (index < 0) {
          return;
        }
        clearTimeout(timer);
        this.#watchers.delete(look);
        resolve(this.#queue.splice(index, 1)[0]);
      };
      const timer = setTimeout(() => {
        this.#watchers.delete(look);
        reject(
          new Error(
            `no such message within ${timeoutMs} ms; queued: ${JSON.stringify(this.#queue)}`,
          ),
        );
      }, timeoutMs);
      this.#watchers.add(look);
      look();
    });
  }

  /** Messages that nobody has taken yet. */
  get queued() {
    return [...this.#queue];
  }

  async close() {
    this.#socket.close();
    await this.closed;
  }

  #receive(text) {
    const message = JSON.parse(text);
    const waiter = this.#waiting.get(message.transaction);
    if (waiter) {
      this.#waiting.delete(message.transaction);
      waiter(message);
      return;
    }
    this.#queue.push(message);
    [...this.#watchers].forEach((look) => look());
  }
}
