// A Postgres and a Redis of a test's own: free ports, temporary folders, started and stopped at will.
import { execFileSync } from 'node:child_process';
import { chownSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts, sleep, startProcess, temporaryFolder } from './process.mjs';
import { connect } from 'node:net';
import { buildFolder } from './server.mjs';

/** Environment with which a server loads tests/support/store/store_module.cpp. */
export const storeModule = {
  CARDEA_MODULES_PATHS: join(buildFolder(), 'lib', 'tests', 'store'),
  // So that no other tables are there, and nobody else speaks on the bus.
  CARDEA_MODULES_DISABLE: 'auth,invites,profiles,rooms,presence,signal,live',
};

/** One request to that module: the answer's JSON with its HTTP status as `http`. */
export async function store(server, path, body = {}) {
  const answer = await fetch(`${server.httpUrl}/store/${path}`, { method: 'POST', body: JSON.stringify(body) });
  return { http: answer.status, ...(await answer.json()) };
}

/** Calls `look` until it answers something true; fails after `ms`. */
export async function until(what, look, ms = 30_000) {
  const end = Date.now() + ms;
  for (;;) {
    const found = await look();
    if (found) {
      return found;
    }
    if (Date.now() > end) {
      throw new Error(`${what}: not within ${ms} ms`);
    }
    await sleep(50);
  }
}

const accepts = (port) =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

// A server that can be stopped and started again: `launch()` starts one and resolves when it serves.
async function restartable(launch, endSignal, rest) {
  let process = await launch();
  return {
    ...rest,
    /** @param signal 'SIGKILL' for a crash. */
    async stop(signal = endSignal) {
      await process.stop(signal);
    },
    async start() {
      process = await launch();
    },
    async end() {
      await process.stop(endSignal);
      await rest.folder.remove();
    },
    pause: () => process.child.kill('SIGSTOP'),
    resume: () => process.child.kill('SIGCONT'),
  };
}

// Postgres refuses to run as root.
function unprivileged() {
  if (process.getuid() !== 0) {
    return {};
  }
  const id = (what) => Number(execFileSync('id', [what, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** @returns `url`, `stop()`, `start()`, `end()`, `sql(text)` by psql, `database()`: the URL of a new empty database. */
export async function startPostgres() {
  const folder = await temporaryFolder('postgres');
  const user = unprivileged();
  if (user.uid) {
    chownSync(folder.path, user.uid, user.gid);
  }
  const bin = execFileSync('pg_config', ['--bindir'], { encoding: 'utf8' }).trim();
  const [port] = await freePorts(1);
  const data = join(folder.path, 'data');
  execFileSync(join(bin, 'initdb'), ['-D', data, '-U', 'cardea', '-A', 'trust', '-E', 'UTF8', '--no-sync', '--locale=C.UTF-8'], {
    ...user,
    cwd: folder.path,
    stdio: 'pipe',
  });
  const url = (name) => `postgres://cardea@127.0.0.1:${port}/${name}`;
  const sql = (text, name = 'postgres') =>
    execFileSync(join(bin, 'psql'), ['-X', '-A', '-t', '-q', '-v', 'ON_ERROR_STOP=1', '-c', text, url(name)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  const settings = { listen_addresses: '127.0.0.1', port, unix_socket_directories: '', fsync: 'off', max_connections: 40 };
  const launch = async () => {
    const args = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
    const started = startProcess(join(bin, 'postgres'), ['-D', data, ...args], { ...user, cwd: folder.path });
    await started.waitFor(/ready to accept connections/, 60_000);
    return started;
  };
  let made = 0;
  return restartable(launch, 'SIGINT', {
    folder,
    url: url('postgres'),
    sql,
    database() {
      const name = `test_${++made}`;
      sql(`CREATE DATABASE ${name}`);
      return url(name);
    },
  });
}

/** @returns `url`, `stop()`, `start()`, `end()`. */
export async function startRedis() {
  const folder = await temporaryFolder('redis');
  const [port] = await freePorts(1);
  const launch = async () => {
    const started = startProcess(
      'redis-server',
      ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder.path, '--requirepass', 'open sesame'],
      { cwd: folder.path },
    );
    await until('redis', () => accepts(port));
    return started;
  };
  return restartable(launch, 'SIGTERM', { folder, url: `redis://:open%20sesame@127.0.0.1:${port}/3` });
}
