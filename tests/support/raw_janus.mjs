// A Janus API client that sends any bytes as a text message, and hears the answers in order.
import WebSocket from 'ws';

export class RawJanus {
  #socket;
  #messages = [];
  #waiting = [];

  static async connect(url) {
    const client = new RawJanus();
    const socket = new WebSocket(url, 'janus-protocol');
    client.#socket = socket;
    socket.on('message', (data) => client.#take({ message: JSON.parse(data) }));
    client.closed = new Promise((resolve) => {
      socket.once('close', (code) => {
        client.#take({ closed: code });
        resolve(code);
      });
    });
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    socket.on('error', () => {});
    return client;
  }

  /** Sends bytes or a string as one text message. */
  send(bytes) {
    this.#socket.send(bytes, { binary: false });
  }

  /** @returns the next answer, `{ message }`, or `{ closed: code }`. */
  next(timeoutMs = 10_000) {
    if (this.#messages.length > 0) {
      return Promise.resolve(this.#messages.shift());
    }
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`nothing within ${timeoutMs} ms`)), timeoutMs);
      this.#waiting.push((value) => {
        clearTimeout(timer);
        resolve(value);
      });
    });
  }

  ask(bytes) {
    const answer = this.next();
    this.send(bytes);
    return answer;
  }

  close() {
    this.#socket.close();
    return this.closed;
  }

  terminate() {
    this.#socket.terminate();
  }

  #take(value) {
    const waiter = this.#waiting.shift();
    if (waiter) {
      waiter(value);
    } else {
      this.#messages.push(value);
    }
  }
}
