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

async function configure(folder, options) {
  const { websocket, http, address, adminSecret, eventLoops, iceLite, reclaimSeconds, events = {} } = options;
  const modules = await modulesFolder();
  const wanted = {
    plugins: ['libjanus_videoroom.so', 'libjanus_echotest.so', 'libjanus_textroom.so'],
    transports: ['libjanus_websockets.so', 'libjanus_http.so'],
    events: Object.keys(events).map((name) => `libjanus_${name}.so`),
    loggers: [],
  };
  for (const [kind, files] of Object.entries(wanted)) {
    await mkdir(join(folder, kind));
    for (const file of files) {
      await symlink(join(modules, kind, file), join(folder, kind, file));
    }
  }
  const write = (name, text) => writeFile(join(folder, `${name}.jcfg`), text);
  const general = [
    `configs_folder = "${folder}"`,
    ...Object.keys(wanted).map((kind) => `${kind}_folder = "${join(folder, kind)}"`),
    'debug_level = 4',
    `reclaim_session_timeout = ${reclaimSeconds}`,
    `admin_secret = "${adminSecret}"`,
    ...(eventLoops ? [`event_loops = ${eventLoops}`] : []),
  ];
  await write(
    'janus',
    `general: {\n\t${general.join('\n\t')}\n}\nnat: {\n${iceLite ? '\tice_lite = true\n' : ''}}\n` +
      `events: {\n\tbroadcast = ${Object.keys(events).length > 0}\n}\n`,
  );
  await write(
    'janus.transport.websockets',
    `general: {\n\tjson = "compact"\n\tws = true\n\tws_port = ${websocket}\n\tws_ip = "${address}"\n}\n`,
  );
  await write(
    'janus.transport.http',
    `general: {\n\tjson = "compact"\n\tbase_path = "/janus"\n\thttp = true\n\tport = ${http}\n\tip = "${address}"\n}\n`,
  );
  for (const [name, settings] of Object.entries(events)) {
    const lines = Object.entries({ enabled: true, events: 'all', ...settings }).map(([key, value]) => `\t${key} = ${JSON.stringify(value)}\n`);
    await write(`janus.eventhandler.${name}`, `general: {\n${lines.join('')}}\n`);
  }
  await write('janus.plugin.echotest', 'general: {\n}\n');
  await write(
    'janus.plugin.textroom',
    'general: {\n}\nroom-1234: {\n\tdescription = "Demo Room"\n}\n',
  );
  await write(
    'janus.plugin.videoroom',
    'general: {\n}\nroom-1234: {\n\tdescription = "Demo Room"\n\tpublishers = 6\n\tbitrate = 512000\n\tfir_freq = 10\n}\n',
  );
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
 * @param {{media?: boolean, within?: object, eventLoops?: number, iceLite?: boolean, reclaimSeconds?: number}} options
 *   `media`: in a network namespace of its own, because janus gathers no loopback candidates (needs root); without it
 *   signalling works on 127.0.0.1. `within`: a namespace of the caller's instead. `iceLite`: for clients whose ICE only
 *   answers lite servers. `reclaimSeconds`: how long the session of a broken connection may be claimed.
 *   `events`: event handlers by name ("sampleevh", "wsevh") with their settings.
 * @returns `httpUrl` (of the API's root), `websocketUrl`, `pid`, `log()` and `stop()`.
 */
export async function startJanus(options = {}) {
  const { media = false, within, eventLoops, iceLite = false, reclaimSeconds = 0, events } = options;
  const [websocket, http] = await freePorts(2);
  const folder = await temporaryFolder('janus');
  const namespace = within ?? (media ? await createNamespace() : undefined);
  const address = namespace?.address ?? '127.0.0.1';
  let janus;
  const cleanUp = async () => {
    await janus?.stop();
    if (!within) {
      await namespace?.remove();
    }
    await folder.remove();
  };
  try {
    const adminSecret = 'reference';
    const common = { websocket, http, address, adminSecret };
    await configure(folder.path, { ...common, eventLoops, iceLite, reclaimSeconds, events });
    // `ip netns exec` replaces itself by the command, so signals reach janus either way.
    const plain = ['janus', ['-F', folder.path]];
    const [command, args] = namespace ? namespace.command(...plain) : plain;
    janus = startProcess(command, args, { cwd: folder.path });
    await waitForPort(address, websocket, janus);
    await waitForPort(address, http, janus);
  } catch (error) {
    await cleanUp();
    throw error;
  }
  return {
    name: 'janus',
    httpUrl: `http://${address}:${http}/janus`,
    websocketUrl: `ws://${address}:${websocket}`,
    pid: janus.pid,
    log: janus.log,
    stop: cleanUp,
  };
}
