// What only HTTP has: paths, methods, and long polls with their parameters.
export const name = 'HTTP';

const kEcho = 'janus.plugin.echotest';

async function outsideSessions(ask) {
  await ask('info', 'GET', '/info');
  await ask('ping by GET', 'GET', '/ping');
  await ask('poll of an unknown session', 'GET', '/4711');
  await ask('poll of text', 'GET', '/one');
  await ask('poll of nothing', 'GET', '');
  await ask('post to text', 'POST', '/one', { janus: 'keepalive', transaction: 't' });
  await ask('no JSON', 'POST', '', '{ this is not json');
  await ask('a list', 'POST', '', '[]');
  await ask('no verb', 'POST', '', { transaction: 't' });
  await ask('no transaction', 'POST', '', { janus: 'create' });
  await ask('a slash at the end', 'POST', '/', { janus: 'ping', transaction: 't' });
  await ask('session in path and body', 'POST', '/4711', {
    janus: 'keepalive', session_id: 4712, transaction: 't',
  });
}

async function insideSessions(ask) {
  const { data } = await ask('create', 'POST', '', { janus: 'create', transaction: 't' });
  const session = `/${data.id}`;
  const attached = await ask('attach', 'POST', session, { janus: 'attach', plugin: kEcho, transaction: 't' });
  const handle = `${session}/${attached.data.id}`;
  const message = { janus: 'message', body: { audio: true }, transaction: 'm' };
  for (const [label, query] of [
    ['one event', ''], ['one event, said so', '?maxev=1'], ['a list', '?maxev=5'],
    ['with a number of its own', '?rid=5&maxev=3'], ['a list of none', '?maxev=0'],
    ['a list of text', '?maxev=x'], ['a list of less than none', '?maxev=-1'],
  ]) {
    await ask(`${label}: message`, 'POST', handle, message);
    await ask(`${label}: poll`, 'GET', `${session}${query}`);
  }
  await ask('keepalive', 'POST', session, { janus: 'keepalive', transaction: 't' });
  await ask('unknown handle', 'POST', `${session}/4711`, message);
  await ask('handle is text', 'POST', `${session}/x`, message);
  await ask('trickle', 'POST', handle, {
    janus: 'trickle', candidate: { completed: true }, transaction: 't',
  });
  await ask('detach', 'POST', handle, { janus: 'detach', transaction: 't' });
  await ask('the end of the handle', 'GET', `${session}?maxev=5`);
  await ask('destroy', 'POST', session, { janus: 'destroy', transaction: 't' });
  await ask('poll after the end', 'GET', session);
}

/** @param ask sends a request to a path below the API's root and records the answer. */
export async function script(ask) {
  await outsideSessions(ask);
  await insideSessions(ask);
}
