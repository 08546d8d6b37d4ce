// Starts Debian's janus as the reference that answers are compared with: videoroom, echotest and textroom.
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createNamespace } from './netns.mjs';
import { freePorts, sleep, startProcess, temporaryFolder } from './process.mjs';

const startTimeoutMs = 15_000;

async function modulesFolder() {
  const triplets = (await readdir('/usr/lib')).filter((name) => name.includes('linux-gnu'));
  for (const triplet of triplets) {
    const folder = `/usr/lib/${triplet}/janus`;
    if ((await readdir(folder).catch(() => [])).length > 0) {
      return folder;
    }
  }
  throw new Error('no janus found below /usr/lib; install the package janus');
}

const text = (value) => (typeof value === 'string' ? `"${value}"` : String(value));

/** One group of a libconfig file. */
function group(name, values) {
  const lines = Object.entries(values).map(([key, value]) => `\t${key} = ${text(value)}\n`);
  return `${name}: {\n${lines.join('')}}\n`;
}

const demoRoom = { description: 'Demo Room', publishers: 6, bitrate: 512000, fir_freq: 10 };

/** The configuration files by name; `options` as of startJanus(), with ports and address. */
function configuration(folder, kinds, options) {
  const { websocket, http, adminHttp, adminWebsocket, address, adminSecret, eventLoops } = options;
  const { iceLite, reclaimSeconds, general, plugins, events } = options;
  const json = 'compact';
  return {
    janus:
      group('general', {
        configs_folder: folder,
        ...Object.fromEntries(kinds.map((kind) => [`${kind}_folder`, join(folder, kind)])),
        debug_level: 4,
        reclaim_session_timeout: reclaimSeconds,
        admin_secret: adminSecret,
        ...(eventLoops ? { event_loops: eventLoops } : {}),
        ...general,
      }) +
      group('nat', iceLite ? { ice_lite: true } : {}) +
      group('events', { broadcast: Object.keys(events).length > 0 }),
    'janus.transport.websockets':
      group('general', { json, ws: true, ws_port: websocket, ws_ip: address }) +
      group('admin', { admin_ws: true, admin_ws_port: adminWebsocket, admin_ws_ip: address }),
    'janus.transport.http':
      group('general', { json, base_path: '/janus', http: true, port: http, ip: address }) +
      group('admin', {
        admin_base_path: '/admin',
        admin_http: true,
        admin_port: adminHttp,
        admin_ip: address,
      }),
    'janus.plugin.echotest': group('general', {}),
    'janus.plugin.textroom':
      group('general', { json, ...plugins }) + group('room-1234', { description: 'Demo Room' }),
    'janus.plugin.videoroom': group('general', plugins) + group('room-1234', demoRoom),
    ...Object.fromEntries(
      Object.entries(events).map(([name, settings]) => [
        `janus.eventhandler.${name}`,
        group('general', { enabled: true, events: 'all', ...settings }),
      ]),
    ),
  };
}

async function configure(folder, options) {
  const modules = await modulesFolder();
  const wanted = {
    plugins: ['libjanus_videoroom.so', 'libjanus_echotest.so', 'libjanus_textroom.so'],
    transports: ['libjanus_websockets.so', 'libjanus_http.so'],
    events: Object.keys(options.events).map((name) => `libjanus_${name}.so`),
    loggers: [],
  };
  for (const [kind, files] of Object.entries(wanted)) {
    await mkdir(join(folder, kind));
    for (const file of files) {
      await symlink(join(modules, kind, file), join(folder, kind, file));
    }
  }
  const files = configuration(folder, Object.keys(wanted), options);
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(folder, `${name}.jcfg`), content);
  }
}

async function waitForPort(host, port, janus) {
  const deadline = Date.now() + startTimeoutMs;
  let ended = false;
  void janus.exited.then(() => (ended = true));
  while (Date.now() < deadline && !ended) {
    const open = await new Promise((resolve) => {
      const socket = connect({ host, port }, () => resolve(true));
      socket.once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (open) {
      return;
    }
    await sleep(50);
  }
  throw new Error(`janus did not start; its log:\n${janus.log()}`);
}

/**
 * @param {{media?: boolean, within?: object, eventLoops?: number, iceLite?: boolean, reclaimSeconds?: number,
 *   general?: object, plugins?: object, events?: object}} options
 *   `media`: in a network namespace of its own, because janus gathers no loopback candidates (needs root); without it
 *   signalling works on 127.0.0.1. `within`: a namespace of the caller's instead. `iceLite`: for clients whose ICE only
 *   answers lite servers. `reclaimSeconds`: how long the session of a broken connection may be claimed. `general`: more
 *   of its general section (`api_secret`, `token_auth`); `plugins`: of that of the room plugins (`admin_key`,
 *   `string_ids`); `events`: event handlers by name ("sampleevh", "wsevh") with their settings.
 * @returns `httpUrl` (of the API's root), `websocketUrl`, `adminUrl`, `adminWebsocketUrl`, `adminSecret`, `pid`, `log()`
 *   and `stop()`.
 */
export async function startJanus(options = {}) {
  const { media = false, within } = options;
  const [websocket, http, adminHttp, adminWebsocket] = await freePorts(4);
  const folder = await temporaryFolder('janus');
  const namespace = within ?? (media ? await createNamespace() : undefined);
  const address = namespace?.address ?? '127.0.0.1';
  const adminSecret = 'reference';
  let janus;
  const cleanUp = async () => {
    await janus?.stop();
    if (!within) {
      await namespace?.remove();
    }
    await folder.remove();
  };
  try {
    const ports = { websocket, http, adminHttp, adminWebsocket };
    const defaults = { iceLite: false, reclaimSeconds: 0, general: {}, plugins: {}, events: {} };
    await configure(folder.path, { ...defaults, ...options, ...ports, address, adminSecret });
    // `ip netns exec` replaces itself by the command, so signals reach janus either way.
    const plain = ['janus', ['-F', folder.path]];
    const [command, args] = namespace ? namespace.command(...plain) : plain;
    janus = startProcess(command, args, { cwd: folder.path });
    for (const port of Object.values(ports)) {
      await waitForPort(address, port, janus);
    }
  } catch (error) {
    await cleanUp();
    throw error;
  }
  return {
    name: 'janus',
    httpUrl: `http://${address}:${http}/janus`,
    websocketUrl: `ws://${address}:${websocket}`,
    adminUrl: `http://${address}:${adminHttp}/admin`,
    adminWebsocketUrl: `ws://${address}:${adminWebsocket}`,
    adminSecret,
    pid: janus.pid,
    log: janus.log,
    stop: cleanUp,
  };
}
