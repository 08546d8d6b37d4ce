// A plain receiver of RTP as outside programs have it: a UDP port, what comes to it, and SRTP by SDES keys.
import { createCipheriv, createHmac } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const saltBytes = 14;
const authKeyBytes = 20;
const maxKept = 5_000;

/** RTP's header (RFC 3550, 5.1) and payload; `raw` is the whole packet. */
export function parseRtp(raw) {
  const extended = (raw[0] & 0x10) !== 0;
  let start = 12 + 4 * (raw[0] & 0x0f);
  if (extended) {
    start += 4 + 4 * raw.readUInt16BE(start + 2);
  }
  return {
    payloadType: raw[1] & 0x7f,
    sequence: raw.readUInt16BE(2),
    timestamp: raw.readUInt32BE(4),
    ssrc: raw.readUInt32BE(8),
    start,
    payload: raw.subarray(start),
    raw,
  };
}

export const isRtcp = (datagram) => datagram[1] >= 192 && datagram[1] <= 223;

/** Whether a VP8 key frame begins here (RFC 7741, 4.2 and 4.3). */
export function beginsVp8KeyFrame(payload) {
  const first = payload[0];
  const begins = (first & 0x10) !== 0 && (first & 0x07) === 0;
  let at = 1;
  if (first & 0x80) {
    const more = payload[1];
    at += 1;
    at += more & 0x80 ? (payload[2] & 0x80 ? 2 : 1) : 0;
    at += more & 0x40 ? 1 : 0;
    at += more & 0x30 ? 1 : 0;
  }
  return begins && (payload[at] & 0x01) === 0;
}

/** A key frame request (RFC 4585, 6.3.1). */
export function pictureLoss(ssrc) {
  const out = Buffer.alloc(12);
  out.writeUInt8(0x81, 0);
  out.writeUInt8(206, 1);
  out.writeUInt16BE(2, 2);
  out.writeUInt32BE(1, 4);
  out.writeUInt32BE(ssrc, 8);
  return out;
}

/** Opens SRTP packets of one stream, in its first 2^16 packets (RFC 3711, 4.1.1, 4.2 and 4.3). */
export class SrtpOpener {
  constructor(keyBase64, suite) {
    const key = Buffer.from(keyBase64, 'base64');
    const [master, salt] = [key.subarray(0, 16), key.subarray(16, 16 + saltBytes)];
    const derive = (label, size) => {
      const counter = Buffer.concat([salt, Buffer.alloc(2)]);
      counter[7] ^= label;
      return createCipheriv('aes-128-ctr', master, counter).update(Buffer.alloc(size));
    };
    this.key = derive(0, 16);
    this.auth = derive(1, authKeyBytes);
    this.salt = derive(2, saltBytes);
    this.tagBytes = suite / 8;
  }

  /** @returns the packet in the clear; throws when its tag is wrong. */
  open(datagram) {
    const end = datagram.length - this.tagBytes;
    const covered = datagram.subarray(0, end);
    const tag = createHmac('sha1', this.auth).update(covered).update(Buffer.alloc(4)).digest();
    if (!tag.subarray(0, this.tagBytes).equals(datagram.subarray(end))) {
      throw new Error('the tag of an SRTP packet is wrong');
    }
    const { ssrc, sequence, start } = parseRtp(covered);
    const counter = Buffer.concat([this.salt, Buffer.alloc(2)]);
    const mixed = Buffer.alloc(16);
    mixed.writeUInt32BE(ssrc, 4);
    mixed.writeUInt16BE(sequence, 12);
    for (let i = 0; i < 16; i += 1) {
      counter[i] ^= mixed[i];
    }
    const clear = createCipheriv('aes-128-ctr', this.key, counter).update(covered.subarray(start));
    return Buffer.concat([covered.subarray(0, start), clear]);
  }
}

export class RtpEar {
  /** @param {'udp4' | 'udp6'} family on its loopback address. */
  static async open(family = 'udp4') {
    const ear = new RtpEar();
    ear.socket = createSocket(family);
    ear.datagrams = [];
    ear.socket.on('message', (bytes, from) => {
      if (ear.datagrams.push({ bytes, from }) > maxKept) {
        ear.datagrams.shift();
      }
      ear.socket.emit('taken');
    });
    ear.socket.bind(0, family === 'udp4' ? '127.0.0.1' : '::1');
    await once(ear.socket, 'listening');
    ear.port = ear.socket.address().port;
    return ear;
  }

  /** All RTP packets so far. */
  get packets() {
    return this.datagrams.filter(({ bytes }) => !isRtcp(bytes)).map(({ bytes }) => parseRtp(bytes));
  }

  /** Waits until `look(datagrams so far)` gives something true, and gives that back. */
  until(look, what = 'what was waited for', timeoutMs = 20_000) {
    return new Promise((resolve, reject) => {
      const end = (settle, value) => {
        clearTimeout(timer);
        this.socket.off('taken', check);
        settle(value);
      };
      const check = () => {
        const seen = look(this.datagrams);
        if (seen) {
          end(resolve, seen);
        }
      };
      const timer = setTimeout(
        () =>
          end(reject, new Error(`${what} did not come; ${this.datagrams.length} datagrams did`)),
        timeoutMs,
      );
      this.socket.on('taken', check);
      check();
    });
  }

  /** Waits for that many RTP packets. */
  async hear(count) {
    await this.until(() => this.packets.length >= count, `${count} RTP packets`);
    return this.packets;
  }

  send(bytes, { address, port }) {
    this.socket.send(bytes, port, address);
  }

  close() {
    return new Promise((resolve) => this.socket.close(resolve));
  }
}
