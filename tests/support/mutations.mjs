// From the declaration of a request (Admin API, list_operations): a message that fits it, and messages that do not.

const junk = [null, true, -1, 1.5, 2 ** 53, '', 'x', [], {}, [[]], [{}], { a: [1, { b: null }] }];
const text454 = ['1e999', '-1e999', '9223372036854775808', 'NaN', '01', '+1', '"\\ud800"', '"a\nb"', '[1,]', '{"a":1,"a":2}'];

const fits = {
  any: () => true,
  boolean: (value) => typeof value === 'boolean',
  integer: (value, { minimum, maximum = 2 ** 53 }) => Number.isInteger(value) && value >= minimum && value <= maximum,
  string: (value) => typeof value === 'string',
  id: (value, { minimum, maximum }) => Number.isInteger(value) && value >= minimum && value <= maximum,
  id_or_string: (value, bounds) => typeof value === 'string' || fits.id(value, bounds),
  object: (value) => value !== null && typeof value === 'object' && !Array.isArray(value),
  array: (value) => Array.isArray(value),
};

/** A value that fits a parameter; `known` has values that mean something, by name. */
export function sample(parameter, known) {
  if (parameter.name in known && fits[parameter.type](known[parameter.name], parameter)) {
    return known[parameter.name];
  }
  switch (parameter.type) {
    case 'boolean':
      return false;
    case 'integer':
    case 'id':
      return Math.max(parameter.minimum ?? 0, 1);
    case 'id_or_string':
    case 'string':
      return 'x';
    case 'array':
      return parameter.fields ? [members(parameter.fields, known, () => true)] : [];
    default:
      return parameter.fields ? members(parameter.fields, known, () => true) : {};
  }
}

/** An object of the required parameters, and of those others that `wants(parameter)`. */
export function members(parameters, known, wants) {
  const chosen = parameters.filter((each) => each.required || wants(each));
  return Object.fromEntries(chosen.map((each) => [each.name, sample(each, known)]));
}

/** Values just outside of what a parameter allows. */
function wrongValues({ type, fields, minimum, maximum, ...rest }) {
  const parameter = { type, fields, minimum, maximum, ...rest };
  const wrong = junk.filter((value) => !fits[type](value, parameter));
  if (type === 'string' && maximum && maximum <= 10_000) {
    wrong.push('x'.repeat(maximum + 1));
  }
  if (type === 'array') {
    wrong.push(...(fields ? [[5], [null], [[]]] : []));
    wrong.push(...(maximum && maximum < 1000 ? [Array.from({ length: maximum + 1 }, () => (fields ? {} : 1))] : []));
  }
  if ((type === 'integer' || type === 'id') && maximum && maximum < 2 ** 53 - 1) {
    wrong.push(maximum + 1);
  }
  return wrong;
}

/** Objects with one fault each, as deep as the declaration goes. `pick(list)` chooses which of many wrong values. */
function faults(parameters, good, known, pick, each) {
  const out = [];
  for (const parameter of parameters) {
    const { name, fields, type } = parameter;
    if (parameter.required) {
      const { [name]: _, ...without } = good;
      out.push(without);
    }
    for (const value of pick(wrongValues(parameter), each)) {
      out.push({ ...good, [name]: value });
    }
    if (fields) {
      for (const below of faults(fields, members(fields, known, () => true), known, pick, 1)) {
        out.push({ ...good, [name]: type === 'array' ? [below] : below });
      }
    }
  }
  return out;
}

const nested = (depth) => `${'['.repeat(depth)}1${']'.repeat(depth)}`;
const manyMembers = (count) => `{${Array.from({ length: count }, (_, i) => `"k${i}":1`).join(',')}}`;

/**
 * @param parameters as declared. @param next seeded random numbers. @param each wrong values of each parameter.
 * @returns messages as objects `{ body, bad }` and texts to stand where a value is: `{ value, bad }`; `bad` must be refused.
 */
export function mutations(parameters, known, next, each) {
  const pick = (list, count) => {
    const rest = [...list];
    return Array.from({ length: Math.min(count, rest.length) }, () => rest.splice(next(rest.length), 1)[0]);
  };
  const good = members(parameters, known, () => next(4) === 0);
  const bodies = faults(parameters, members(parameters, known, () => false), known, pick, each).map((body) => ({ body, bad: true }));
  bodies.push({ body: good, bad: false }, { body: { ...good, unknown_member: { a: [1] }, other: 'x'.repeat(20_000) }, bad: false });
  for (const parameter of parameters) {
    if (parameter.type === 'any') {
      bodies.push(...pick(junk, each + 2).map((value) => ({ body: { ...good, [parameter.name]: value }, bad: false })));
    }
    if (parameter.type === 'string' || parameter.type === 'integer') {
      // Within the declaration, but odd.
      const odd = parameter.type === 'string' ? ['', '\u0000', '\u202e\u001b[2J', '%s%n', '../../etc/passwd', `x${'\u00fc'.repeat(60)}`] : [0, parameter.maximum ?? 2 ** 31];
      bodies.push(...pick(odd, 1).map((value) => ({ body: { ...good, [parameter.name]: value }, bad: false })));
    }
  }
  const values = [
    ...pick(text454, each + 1).map((value) => ({ value, bad: true })),
    { value: nested(40 + next(3000)), bad: true },
    { value: manyMembers(1001), bad: true },
    { value: nested(20), bad: false },
    { value: Buffer.from(pick([[0x22, 0x80, 0x22], [0x22, 0xc0, 0xaf, 0x22], [0xff], [0x22, 0xed, 0xa0, 0x80, 0x22]], 1)[0]), bad: true },
  ];
  return { bodies, values, good };
}

/** The bytes of a message in which the member "hostile" of `place` holds `value` as it is. */
export function spliced(message, value) {
  const [before, after] = JSON.stringify(message).split('"HOSTILE"');
  return Buffer.concat([Buffer.from(before), Buffer.from(value), Buffer.from(after)]);
}
