// Backends for event handlers: an HTTP server and a WebSocket server that keep what they get.
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

/** Events in order, and waiting for one. */
class Inbox {
  events = [];
  #watchers = new Set();

  take(text) {
    this.events.push(...[JSON.parse(text)].flat());
    this.#watchers.forEach((watcher) => watcher());
  }

  /** @returns the first event that `wanted` accepts, from the start of all. */
  waitFor(wanted, timeoutMs = 15_000) {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = this.events.find(wanted);
        if (found) {
          clearTimeout(timer);
          this.#watchers.delete(look);
          resolve(found);
        }
      };
      const timer = setTimeout(() => {
        this.#watchers.delete(look);
        reject(new Error(`no such event; there are:\n${this.events.map((e) => JSON.stringify(e).slice(0, 200)).join('\n')}`));
      }, timeoutMs);
      this.#watchers.add(look);
      look();
    });
  }
}

/**
 * @param {{answer?: (count: number) => number | undefined, address?: string}} options `answer`: HTTP status for the
 *   n-th request, from 1; undefined: none ever comes.
 * @returns `url`, `inbox`, `requests` (headers and bodies as they came), `close()`.
 */
export async function startWebhook({ answer = () => 200, address = '127.0.0.1', port = 0 } = {}) {
  const inbox = new Inbox();
  const requests = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      requests.push({ method: request.method, path: request.url, headers: request.headers, body });
      const status = answer(requests.length);
      if (status === undefined) {
        return;
      }
      if (status === 200) {
        inbox.take(body);
      }
      response.writeHead(status).end();
    });
  });
  await new Promise((resolve) => server.listen(port, address, resolve));
  return {
    url: `http://${address}:${server.address().port}/events`,
    inbox,
    requests,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

/** @returns `url`, `inbox`, `protocols` that were asked for, `dropAll()` and `close()`. */
export async function startEventSocket({ address = '127.0.0.1', port = 0 } = {}) {
  const inbox = new Inbox();
  const protocols = [];
  const server = new WebSocketServer({ host: address, port, handleProtocols: (offered) => [...offered][0] ?? false });
  await new Promise((resolve) => server.once('listening', resolve));
  server.on('connection', (socket, request) => {
    protocols.push(request.headers['sec-websocket-protocol']);
    socket.on('message', (data) => inbox.take(String(data)));
    socket.on('error', () => {});
  });
  return {
    url: `ws://${address}:${server.address().port}/`,
    port: server.address().port,
    inbox,
    protocols,
    dropAll: () => server.clients.forEach((socket) => socket.terminate()),
    close: () => {
      server.clients.forEach((socket) => socket.terminate());
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
