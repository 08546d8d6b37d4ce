// A STUN server on 127.0.0.1.
import { createSocket } from 'node:dgram';

/** Answers binding requests by RFC 8489. @returns its socket. */
export async function startStun() {
  const socket = createSocket('udp4');
  socket.on('message', (request, { port, address }) => {
    const answer = Buffer.alloc(32);
    answer.writeUInt16BE(0x0101, 0);
    answer.writeUInt16BE(12, 2);
    request.copy(answer, 4, 4, 20);
    answer.writeUInt16BE(0x0020, 20);
    answer.writeUInt16BE(8, 22);
    answer.writeUInt8(1, 25);
    answer.writeUInt16BE(port ^ 0x2112, 26);
    const ip = address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
    answer.writeUInt32BE((ip ^ 0x2112a442) >>> 0, 28);
    socket.send(answer, port, address);
  });
  await new Promise((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return socket;
}
