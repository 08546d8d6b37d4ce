// Starts a Cardea for a test: free ports, a temporary data folder, ended by SIGTERM with exit code 0.
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts, startProcess, temporaryFolder } from './process.mjs';

export const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** The build to test: `CARDEA_BUILD` (absolute, or from the repository's root), else build/release. */
export function buildFolder() {
  return resolve(repository, process.env.CARDEA_BUILD ?? 'build/release');
}

const planted = new Set();
/** From now on no log of a server that ends may show these texts: passwords, tokens, codes. */
export const plant = (...secrets) => secrets.forEach((each) => planted.add(each));

function assertKeepsSecrets(log, env) {
  const given = Object.entries(env).filter(([key, value]) => /_(SECRET|PASSWORD)$/.test(key) && value.length >= 12);
  const shown = [...planted, ...given.map(([, value]) => value)].find((secret) => log.includes(secret));
  if (shown !== undefined) {
    throw new Error(`the server's log shows the secret ${shown}; the log:\n${log}`);
  }
}

/** Environment for tests that look at memory: AddressSanitizer gives back soon what was freed. */
export const promptFrees = {
  ASAN_OPTIONS: [
    process.env.ASAN_OPTIONS,
    'quarantine_size_mb=1:thread_local_quarantine_size_kb=64',
  ]
    .filter(Boolean)
    .join(':'),
};

/**
 * @param {{env?: Record<string, string>, args?: string[]}} options more environment and arguments for the server.
 *   `within`: a network namespace (netns.mjs) to run it in; `folder`: a data folder that stays afterwards.
 * @returns addresses (`httpUrl`, `websocketUrl`, `adminUrl`, `adminWebsocketUrl`, `mediaPort`), `pid`, `log()`, and
 *   `stop()`, which rejects unless the server ends with code 0 and its log shows no secret.
 */
export async function startServer({ env = {}, args = [], within, folder } = {}) {
  const binary = join(buildFolder(), 'bin', 'cardea');
  if (!existsSync(binary)) {
    throw new Error(`no server at ${binary}; build it with scripts/build or set CARDEA_BUILD`);
  }
  const [websocket, http, adminHttp, adminWebsocket, media] = await freePorts(5);
  const data = folder ? { path: folder, remove() {} } : await temporaryFolder('data');
  const address = within?.address ?? '127.0.0.1';
  const plain = [binary, ['--data', data.path, ...args]];
  const server = startProcess(...(within ? within.command(...plain) : plain), {
    cwd: data.path,
    env: {
      CARDEA_WEBSOCKET_PORT: String(websocket),
      CARDEA_HTTP_PORT: String(http),
      CARDEA_HTTP_ADMIN_PORT: String(adminHttp),
      CARDEA_WEBSOCKET_ADMIN_PORT: String(adminWebsocket),
      CARDEA_MEDIA_UDP_PORT: String(media),
      CARDEA_MEDIA_TCP_PORT: String(media),
      CARDEA_MEDIA_ADDRESS: address,
      CARDEA_WEBSOCKET_ADDRESS: address,
      CARDEA_HTTP_ADDRESS: address,
      ...env,
    },
  });
  try {
    await server.waitFor(/^ready\b/m);
  } catch (error) {
    await server.stop();
    await data.remove();
    throw error;
  }
  return {
    name: 'cardea',
    httpUrl: `http://${within ? address : 'localhost'}:${http}`,
    websocketUrl: `ws://${address}:${websocket}`,
    adminUrl: `http://127.0.0.1:${adminHttp}`,
    adminWebsocketUrl: `ws://127.0.0.1:${adminWebsocket}`,
    mediaPort: media,
    pid: server.pid,
    log: server.log,
    async stop() {
      const { code, signal } = await server.stop('SIGTERM');
      await data.remove();
      if (code !== 0) {
        throw new Error(`the server ended with ${signal ?? code}; its log:\n${server.log()}`);
      }
      assertKeepsSecrets(server.log(), env);
    },
  };
}
