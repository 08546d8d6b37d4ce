// A bare Janus client over WebSocket that keeps every message it gets, for comparing two servers.
import { WebSocket } from "ws";

const kAnswerWithin = 4000;
const kFinal = new Set(["success", "error", "pong", "server_info"]);

/** Whether these messages of one transaction are all that there will be. */
function complete(messages, ackIsEnd) {
  const has = (kind) => messages.some((m) => m.janus === kind);
  // An event may overtake its ack.
  return messages.some((m) => kFinal.has(m.janus)) || (has("ack") && (ackIsEnd || has("event")));
}

/** One WebSocket connection. Every message is kept in arrival order with the transaction it names. */
export class Wire {
  constructor(socket) {
    this.socket = socket;
    this.received = [];
    this.waiters = new Set();
    this.counter = 0;
    socket.on("message", (data) => {
      this.received.push(JSON.parse(data.toString()));
      for (const check of this.waiters) {
        check();
      }
    });
  }

  static async open(url, protocol = "janus-protocol") {
    const socket = new WebSocket(url, protocol);
    await new Promise((resolve, reject) => {
      socket.once("open", resolve);
      socket.once("error", reject);
    });
    return new Wire(socket);
  }

  /** Resolves with the first value that `pick` finds, or null after `within` milliseconds. */
  until(pick, within = kAnswerWithin) {
    return new Promise((resolve) => {
      const finish = (value) => {
        clearTimeout(timer);
        this.waiters.delete(check);
        resolve(value);
      };
      const check = () => {
        const found = pick(this.received);
        if (found) {
          finish(found);
        }
      };
      const timer = setTimeout(() => finish(null), within);
      this.waiters.add(check);
      check();
    });
  }

  /**
   * Sends a request and waits for all messages of its transaction: a final answer, or the ack and
   * the event that completes it.
   */
  async request(message, { ackIsEnd = false } = {}) {
    const transaction = `t${++this.counter}`;
    this.socket.send(JSON.stringify({ ...message, transaction }));
    const mine = () => this.received.filter((m) => m.transaction === transaction);
    await this.until(() => complete(mine(), ackIsEnd));
    return mine();
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
