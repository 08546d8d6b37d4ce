// Plain UDP sockets for tests, and a relay between a client and a server that can speak in the client's place.
import { createSocket } from 'node:dgram';

/** A bound UDP socket on loopback: `send(bytes, port)`, `received` datagrams, `bytesOut`, `bytesIn`, `close()`. */
export async function udpSocket() {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 1 << 20 });
  await new Promise((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const self = {
    port: socket.address().port,
    received: [],
    bytesOut: 0,
    bytesIn: 0,
    onMessage: undefined,
    send(bytes, port) {
      self.bytesOut += bytes.length;
      return new Promise((resolve) => socket.send(bytes, port, '127.0.0.1', resolve));
    },
    close: () => new Promise((resolve) => socket.close(resolve)),
  };
  socket.on('message', (bytes, from) => {
    self.bytesIn += bytes.length;
    if (self.onMessage) {
      self.onMessage(bytes, from);
    } else {
      self.received.push(bytes);
    }
  });
  return self;
}

/**
 * Stands between one client and the server. The client is told `port` as the server's; the server sees one address,
 * from which `inject` sends too.
 * @returns port, `inject(bytes)` to the server, `sent`: datagrams of the client so far (the last 1,000), `close()`.
 */
export async function udpRelay(serverPort) {
  const front = await udpSocket();
  const back = await udpSocket();
  let clientPort;
  const sent = [];
  front.onMessage = (bytes, from) => {
    clientPort = from.port;
    sent.push(bytes);
    if (sent.length > 1000) {
      sent.shift();
    }
    back.send(bytes, serverPort);
  };
  back.onMessage = (bytes) => {
    if (clientPort !== undefined) {
      front.send(bytes, clientPort);
    }
  };
  return {
    port: front.port,
    sent,
    inject: (bytes) => back.send(bytes, serverPort),
    close: () => Promise.all([front.close(), back.close()]),
  };
}
