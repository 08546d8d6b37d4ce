// A process that holds many WebSocket sessions and does nothing but answer pings: for idle_websockets.mjs, which tells it
// the URL and how many, and hears when all are there.
import { connect } from 'node:net';

const [url, wanted] = [process.argv[2], Number(process.argv[3])];
const { hostname, port } = new URL(url);
const atOnce = 50;
const upgrade =
  `GET / HTTP/1.1\r\nHost: ${hostname}:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n' +
  'Sec-WebSocket-Protocol: janus-protocol\r\n\r\n';
// Frames as clients send them, masked with zeros (RFC 6455 5.2).
const masked = (opcode, payload) =>
  Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
const create = masked(1, Buffer.from('{"janus":"create","transaction":"idle"}'));

/** Resolves when the session is there. */
function open() {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    socket.once('error', reject).once('close', () => reject(new Error('closed by the server')));
    socket.write(upgrade);
    let upgraded = false;
    socket.on('data', (bytes) => {
      if (!upgraded) {
        upgraded = true;
        socket.write(create);
      } else if ((bytes[0] & 15) === 9) {
        const length = bytes[1] & 127;
        socket.write(masked(10, bytes.subarray(2, 2 + length)));
      } else if (bytes.includes('"success"')) {
        resolve();
      }
    });
  });
}

let begun = 0;
const some = async () => {
  while (begun < wanted) {
    begun += 1;
    await open();
  }
};
try {
  await Promise.all(Array.from({ length: atOnce }, some));
  process.send({});
} catch (error) {
  process.send({ error: error.message });
}
