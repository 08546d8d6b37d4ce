// STUN messages for tests (RFC 8489): well formed, or broken on purpose.
import { createHmac, randomBytes } from 'node:crypto';

export const attributeTypes = {
  username: 0x0006,
  messageIntegrity: 0x0008,
  xorMappedAddress: 0x0020,
  priority: 0x0024,
  useCandidate: 0x0025,
  fingerprint: 0x8028,
  iceControlled: 0x8029,
  iceControlling: 0x802a,
};
const magicCookie = 0x2112a442;

const crcTable = Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; ++k) {
    c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  }
  return c >>> 0;
});
const crc32 = (bytes) =>
  (bytes.reduce((crc, byte) => crcTable[(crc ^ byte) & 255] ^ (crc >>> 8), 0xffffffff) ^ 0xffffffff) >>> 0;

/** One attribute; `length` may lie. */
export function attribute(type, value = Buffer.alloc(0), length = Buffer.byteLength(value)) {
  const data = Buffer.from(value);
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(length & 0xffff, 2);
  return Buffer.concat([head, data, Buffer.alloc((4 - (data.length % 4)) % 4)]);
}

export function header(type, length, { cookie = magicCookie, transaction = randomBytes(12) } = {}) {
  const head = Buffer.alloc(8);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(length & 0xffff, 2);
  head.writeUInt32BE(cookie, 4);
  return Buffer.concat([head, transaction]);
}

/** A message out of attributes as they are, with the true length. */
export function message(type, attributes, options) {
  const body = Buffer.concat(attributes);
  return Buffer.concat([header(type, body.length, options), body]);
}

/** A connectivity check as a browser sends it. `password` undefined: without MESSAGE-INTEGRITY. */
export function bindingRequest({ username, password, type = 0x0001, extra = [], fingerprint = true }) {
  const number = (bytes, value) => {
    const out = Buffer.alloc(bytes);
    out.writeUIntBE(value, Math.max(0, bytes - 6), Math.min(6, bytes));
    return out;
  };
  let bytes = message(type, [
    ...(username === undefined ? [] : [attribute(attributeTypes.username, username)]),
    attribute(attributeTypes.priority, number(4, 1853817087)),
    attribute(attributeTypes.iceControlling, number(8, 12345)),
    attribute(attributeTypes.useCandidate),
    ...extra,
  ]);
  if (password !== undefined) {
    bytes.writeUInt16BE(bytes.length - 20 + 24, 2);
    const tag = createHmac('sha1', password).update(bytes).digest();
    bytes = Buffer.concat([bytes, attribute(attributeTypes.messageIntegrity, tag)]);
  }
  if (fingerprint) {
    bytes.writeUInt16BE(bytes.length - 20 + 8, 2);
    bytes = Buffer.concat([bytes, attribute(attributeTypes.fingerprint, number(4, (crc32(bytes) ^ 0x5354554e) >>> 0))]);
  }
  return bytes;
}
