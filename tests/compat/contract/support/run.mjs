// Runs the cases of a table of requests on a stage, each from a state of its own, and records the
// structure of the answers.
import { requests as lockedRequests } from '../requests/locked.mjs';
import { requests as signedRequests, sign } from '../requests/signed.mjs';
import { casesOf } from './cases.mjs';
import { shapesOf } from './shape.mjs';

/** What each role prepares: members of the context, with `handle`, on which the request is sent. */
const roles = {
  async handle(stage, plugin) {
    const context = { handle: await stage.attach(plugin) };
    if (plugin === 'janus.plugin.textroom') {
      context.room = await stage.newRoom(plugin);
      context.name = 'me';
    }
    return context;
  },
  async guest(stage, plugin, { room: members }) {
    const room = await stage.newRoom(plugin, members);
    return { room, mine: true, handle: await stage.attach(plugin) };
  },
  async publisher(stage, plugin, request) {
    const context = await roles.guest(stage, plugin, request);
    const id = stage.textIds ? 'me' : 5;
    await context.handle.quietly({
      request: 'join', ptype: 'publisher', room: context.room, id, display: 'me',
    });
    return context;
  },
  async published(stage, plugin) {
    const { room, feed } = await stage.published();
    const joiner = await stage.attach(plugin);
    const { id } = await joiner.quietly({ request: 'join', ptype: 'publisher', room });
    return { room, feed, attendee: id, joiner, handle: await stage.attach(plugin) };
  },
  async publishing(stage) {
    const { room, feed, handle } = await stage.published();
    return { room, feed, handle, shared: true };
  },
  async subscriber(stage, plugin) {
    const { room, feed } = await stage.published();
    const handle = await stage.attach(plugin);
    await handle.quietly({ request: 'join', ptype: 'subscriber', room, streams: [{ feed }] });
    return { room, feed, handle };
  },
  async leaving(stage, plugin) {
    const context = await roles.guest(stage, plugin, {});
    const peer = await stage.publish(context.handle, {
      request: 'joinandconfigure', ptype: 'publisher', room: context.room, id: 5,
    });
    return { ...context, peer };
  },
  async channel(stage, plugin) {
    const channel = await stage.channel();
    const room = await stage.newRoom(plugin);
    await channel.ask({ textroom: 'join', room, username: 'me' });
    return { room, mine: true, name: 'me', channel };
  },
};

async function cleanUp(stage, plugin, context) {
  await context.peer?.close();
  await context.joiner?.detach();
  if (!context.shared) {
    await context.handle?.detach();
  }
  if (context.room && context.mine) {
    await stage.destroyRoom(plugin, context.room);
  }
}

async function runPluginCase(stage, plugin, request, label) {
  const context = await roles[request.as](stage, plugin, request);
  context.serial = stage.next();
  Object.assign(context, await request.before?.(context));
  const body = casesOf(request, request.body(context)).find(([name]) => name === label)[1];
  const jsep = request.jsep && { type: 'offer', sdp: stage.offers[request.jsep] };
  const named = request.request === undefined ? {} : { request: request.request };
  const answers = context.channel
    ? await context.channel.ask({ textroom: request.request, ...body })
    : await context.handle.send({ ...named, ...body }, jsep);
  const data = answers.at(-1)?.plugindata?.data ?? {};
  await request.after?.({ ...context, data });
  await cleanUp(stage, plugin, context);
  return answers;
}

const kAdminSecret = { admin_secret: 'reference' };

async function contextOfVerb(stage, request) {
  if (request.as === 'publishing') {
    const { handle } = await stage.published();
    return { session: handle.session, handle: handle.id };
  }
  const session = await stage.newSession();
  return { session, handle: (await stage.attach('janus.plugin.echotest', session)).id };
}

async function runVerbCase(stage, request, label, admin) {
  const context = { ...(await contextOfVerb(stage, request)), serial: stage.next(), stunPort: stage.stunPort };
  context.admin = { quietly: (message) => stage.askAdmin({ ...message, ...kAdminSecret }) };
  await request.before?.(context);
  const good = { ...request.body(context), ...(admin && request.fields && kAdminSecret) };
  const members = casesOf(request, good).find(([name]) => name === label)[1];
  const message = { janus: request.verb, ...members };
  const answers = admin
    ? await stage.askAdmin(message)
    : await stage.wire.request({ ...message, ...stage.credentials }, { ackIsEnd: request.verb !== 'message' });
  await request.after?.(context);
  if (request.as !== 'publishing') {
    await stage.verb('destroy', { session_id: context.session });
  }
  return answers;
}

/** Names of the cases of a request; the bodies depend on the state, the names do not. */
export const labelsOf = (request, group) => {
  const good = { ...request.body({}), ...(group === 'admin' && request.fields && kAdminSecret) };
  return casesOf(request, good).map(([label]) => label);
};

export const titleOf = (request) => request.title ?? request.request ?? request.verb;

/**
 * @param {{requests: object[], plugin?: string}} table
 * @returns {Promise<Map<string, Map<string, object[]>>>} answers' shapes by title of the request and label of the case.
 */
export async function runTable(stage, group, { requests, plugin }) {
  const results = new Map();
  for (const request of requests) {
    const answers = new Map();
    for (const label of labelsOf(request, group)) {
      const run = plugin
        ? runPluginCase(stage, plugin, request, label)
        : runVerbCase(stage, request, label, group === 'admin');
      const messages = await run.catch((error) => [{ failed: error.message.slice(0, 200) }]);
      answers.set(label, shapesOf(messages));
    }
    results.set(titleOf(request), answers);
  }
  return results;
}

const record = async (results, title, label, messages) => {
  if (!results.has(title)) {
    results.set(title, new Map());
  }
  results.get(title).set(label, shapesOf(await messages));
};

/** Runs those of `requests` that are for the plugin of `table`; adds to `results`. */
async function runOwn(stage, group, { plugin }, requests, results) {
  const own = requests.filter((request) => plugin && request.plugin === plugin);
  for (const [title, answers] of await runTable(stage, group, { requests: own, plugin })) {
    results.set(title, answers);
  }
}

const kUncredited = {
  'unauthorised: without a secret': { apisecret: undefined },
  'unauthorised: wrong secret': { apisecret: 'wrong' },
  'unauthorised: unknown token': { apisecret: undefined, token: 'unknown' },
  'unauthorised: token is a number': { apisecret: undefined, token: 7 },
};

/** The verbs of the Janus API and the plugins' requests without what the server asks for. */
async function runUncredited(stage, { requests, plugin }, results) {
  const handle = await stage.attach(plugin ?? 'janus.plugin.echotest');
  const context = { session: handle.session, handle: handle.id, handle_id: handle.id };
  for (const request of requests.filter(({ as }) => as !== 'channel')) {
    for (const [label, members] of Object.entries(kUncredited)) {
      const answers = plugin
        ? handle.send({ request: request.request }, undefined, members)
        : stage.wire.request(
            { janus: request.verb, ...request.body(context), ...stage.credentials, ...members },
            { ackIsEnd: request.verb !== 'message' },
          );
      await record(results, titleOf(request), label, answers);
    }
  }
}

const kUnsigned = {
  'unauthorised: token has expired': sign('janus', [], -10),
  'unauthorised: wrong signature': `${sign('janus', [])}x`,
  'unauthorised: token of another realm': sign('other', []),
};

/** What only servers with signed tokens and names for rooms can show; adds to `results`. */
export async function runSigned(stage, group, table, results) {
  if (group === 'core') {
    const { session, id: handle } = await stage.attach('janus.plugin.echotest');
    for (const request of table.requests) {
      for (const [label, token] of Object.entries(kUnsigned)) {
        const message = { janus: request.verb, ...request.body({ session, handle }), token };
        const ackIsEnd = request.verb !== 'message';
        await record(results, titleOf(request), label, stage.wire.request(message, { ackIsEnd }));
      }
    }
  }
  await runOwn(stage, group, table, signedRequests, results);
}

/** What only servers that ask for secrets can show; adds to `results`. */
export async function runLocked(stage, group, table, results) {
  if (group === 'admin') {
    const requests = table.requests.filter(({ on }) => on === 'locked');
    for (const [title, answers] of await runTable(stage, group, { requests })) {
      results.set(title, answers);
    }
    return;
  }
  await runUncredited(stage, table, results);
  await runOwn(stage, group, table, lockedRequests, results);
}
