// Suggests room names that are easy to say and hard to guess by chance.

const first = [
  'amber',
  'autumn',
  'bright',
  'calm',
  'cedar',
  'clear',
  'copper',
  'early',
  'gentle',
  'golden',
  'green',
  'hidden',
  'ivory',
  'little',
  'lunar',
  'misty',
  'northern',
  'quiet',
  'silver',
  'summer',
  'velvet',
  'wild',
];
const second = [
  'bay',
  'bridge',
  'brook',
  'garden',
  'gate',
  'grove',
  'harbour',
  'hill',
  'island',
  'lantern',
  'meadow',
  'mill',
  'orchard',
  'path',
  'porch',
  'river',
  'shore',
  'terrace',
  'tower',
  'valley',
  'window',
  'wood',
];

export function suggestRoomName(): string {
  const [a = 0, b = 0, c = 0] = crypto.getRandomValues(new Uint32Array(3));
  return `${first[a % first.length]}-${second[b % second.length]}-${100 + (c % 900)}`;
}
