// Room names for people, numbers for the server.

/**
 * The room number for a name: the same on every machine, above 0 and below 2^48 (fits a JSON number exactly).
 * Upper and lower case, and spaces around, make no difference. A name that is a number of up to 15 digits stands for
 * that room itself.
 */
export function roomIdFromName(name: string): number {
  const clean = name.normalize('NFC').trim().toLowerCase();
  if (/^[1-9][0-9]{0,14}$/.test(clean)) {
    return Number(clean);
  }
  const bytes = new TextEncoder().encode(clean);
  // Two FNV-1a hashes with different starts; 16 bits of one above 32 bits of the other.
  const high = fnv1a(bytes, 0x811c9dc5) & 0xffff;
  const low = fnv1a(bytes, 0x050c5d1f) >>> 0;
  return high * 2 ** 32 + low || 1;
}

function fnv1a(bytes: Uint8Array, start: number): number {
  let hash = start;
  for (const byte of bytes) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  // A last mix, because FNV leaves the high bits of short inputs poor.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
