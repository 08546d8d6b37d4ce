import { expect, it } from 'vitest';
import { roomIdFromName } from './room_id';

it('a name has the same number everywhere', () => {
  expect(roomIdFromName('first light')).toBe(roomIdFromName('  First LIGHT '));
  expect(roomIdFromName('caf\u00e9')).toBe(roomIdFromName('cafe\u0301'));
});

it('a number stands for itself', () => {
  expect(roomIdFromName('1234')).toBe(1234);
  expect(roomIdFromName('999999999999999')).toBe(999_999_999_999_999);
});

it('numbers are whole, above 0, below 2^53, and do not collide for a thousand names', () => {
  const ids = Array.from({ length: 1000 }, (_, index) => roomIdFromName(`room-${index}`));
  expect(ids.every((id) => Number.isSafeInteger(id) && id > 0)).toBe(true);
  expect(new Set(ids).size).toBe(1000);
  expect(roomIdFromName('')).toBeGreaterThan(0);
});
