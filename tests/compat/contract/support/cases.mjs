// Makes the cases of a request out of its declaration: the good body, each member missing or of a wrong
// type, and the ways to be unauthorised.

const kWrong = {
  id: { 'is text': 'x', 'is negative': -1, 'is a flag': true },
  number: { 'is text': 'x', 'is negative': -1 },
  integer: { 'is text': 'x' },
  text: { 'is a number': 7 },
  flag: { 'is text': 'x' },
  list: { 'is text': 'x' },
  object: { 'is text': 'x' },
};

/** What a wrong one of these looks like; they are what a request needs to be allowed. */
const kSecrets = new Set(['secret', 'pin', 'admin_key', 'admin_secret']);

const without = (body, key) => {
  const { [key]: _, ...rest } = body;
  return rest;
};

/**
 * @param {{fields?: Record<string, string>, also?: Record<string, object>}} request `fields`: types by member, with a
 *   "!" when mandatory; `also`: more cases, as members laid over the good body.
 * @param {object} good a body that succeeds.
 * @returns {[string, object][]} label and body; the successful one comes last.
 */
export function casesOf({ fields = {}, also = {} }, good) {
  const cases = [];
  for (const [key, declared] of Object.entries(fields)) {
    const mandatory = declared.endsWith('!');
    for (const [label, value] of Object.entries(kWrong[declared.replace('!', '')])) {
      cases.push([`${key} ${label}`, { ...good, [key]: value }]);
    }
    if (mandatory) {
      cases.push([`without ${key}`, without(good, key)]);
    }
    if (kSecrets.has(key) && key in good) {
      cases.push([`wrong ${key}`, { ...good, [key]: 'wrong' }]);
    }
    if (key === 'room' && mandatory) {
      cases.push(['unknown room', { ...good, room: typeof good.room === 'string' ? 'nowhere' : 99 }]);
    }
  }
  for (const [label, members] of Object.entries(also)) {
    cases.push([label, { ...good, ...members }]);
  }
  cases.push(['success', good]);
  return cases;
}
