import { expect, it } from 'vitest';
import { tileWidth } from './grid';

it.each([
  // one tile: as wide as the area, or as its height allows
  [1, 1600, 2000, 1600],
  [1, 1600, 450, 800],
  // two: side by side in a wide window, one above the other in a tall one
  [2, 1612, 900, 800],
  [2, 400, 900, 400],
  // five: three columns in a wide window
  [5, 1224, 500, 400],
])('%i tiles in %i x %i are %i wide', (count, width, height, expected) => {
  expect(tileWidth(count, width, height)).toBe(expected);
});
