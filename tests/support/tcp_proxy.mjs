// A TCP proxy whose connections a test can cut, as a bad network does.
import { connect, createServer } from 'node:net';

/** @param {string} url address to forward to. @returns `port` on 127.0.0.1, `cut()`, `mend()` and `stop()`. */
export async function startTcpProxy(url) {
  const { hostname, port } = new URL(url);
  const sockets = new Set();
  let whole = true;
  const server = createServer((client) => {
    if (!whole) {
      client.destroy();
      return;
    }
    const upstream = connect({ host: hostname, port: Number(port) });
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const destroyAll = () => sockets.forEach((socket) => socket.destroy());
  return {
    port: server.address().port,
    /** Breaks all connections, and refuses new ones until `mend()`. */
    cut() {
      whole = false;
      destroyAll();
    },
    mend() {
      whole = true;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(resolve);
        destroyAll();
      }),
  };
}
