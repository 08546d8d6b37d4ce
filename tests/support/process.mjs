// Child processes of tests: their output is kept, and none outlives the test that started it.
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { createSocket } from 'node:dgram';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const maxLogCharacters = 1_000_000;
const running = new Set();

process.on('exit', () => {
  for (const child of running) {
    child.kill('SIGKILL');
  }
});
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => process.exit(1));
}

/**
 * Starts a program, as another user with `uid` and `gid`. `input`: its standard input is `child.stdin`, else it has none.
 * @returns {{child, pid: number, log: () => string, exited: Promise<{code, signal}>,
 *   waitFor: (pattern: RegExp, timeoutMs?: number) => Promise<RegExpMatchArray>,
 *   stop: (signal?: string, timeoutMs?: number) => Promise<{code, signal}>}}
 */
export function startProcess(command, args = [], { env = {}, cwd, input = false, uid, gid } = {}) {
  const child = spawn(command, args, {
    cwd,
    uid,
    gid,
    env: { ...process.env, ...env },
    stdio: [input ? 'pipe' : 'ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let log = '';
  const watchers = new Set();
  const take = (chunk) => {
    log = (log + chunk).slice(-maxLogCharacters);
    watchers.forEach((watcher) => watcher());
  };
  child.stdout.setEncoding('utf8').on('data', take);
  child.stderr.setEncoding('utf8').on('data', take);

  const exited = new Promise((resolve) => {
    child.once('error', (error) => {
      take(`${command}: ${error.message}\n`);
      running.delete(child);
      resolve({ code: -1, signal: null });
    });
    child.once('close', (code, signal) => {
      running.delete(child);
      resolve({ code, signal });
    });
  });

  const waitFor = (pattern, timeoutMs = 20_000) =>
    new Promise((resolve, reject) => {
      const finish = (action, value) => {
        clearTimeout(timer);
        watchers.delete(check);
        action(value);
      };
      const fail = (why) => finish(reject, new Error(`${command}: ${why}; its log:\n${log}`));
      const check = () => {
        const match = log.match(pattern);
        if (match) {
          finish(resolve, match);
        }
      };
      const timer = setTimeout(() => fail(`no ${pattern} within ${timeoutMs} ms`), timeoutMs);
      watchers.add(check);
      exited.then(({ code, signal }) => fail(`ended with ${signal ?? code}`));
      check();
    });

  const stop = async (signal = 'SIGTERM', timeoutMs = 10_000) => {
    if (running.has(child)) {
      child.kill(signal);
    }
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    const result = await exited;
    clearTimeout(timer);
    return result;
  };
  return { child, pid: child.pid, log: () => log, exited, waitFor, stop };
}

// Below those that the kernel gives to outgoing connections, of which busy tests have thousands.
const lowestPort = 12_000;
const highestPort = 32_000;

/** A socket that is bound to the port, or undefined when it is taken. */
function hold(socket, bind) {
  return new Promise((resolve) => {
    socket.once('error', () => resolve(undefined));
    bind(() => resolve(socket));
  });
}

/** Port numbers that were free, for TCP and for UDP, on 127.0.0.1 a moment ago. */
export async function freePorts(count) {
  const holders = [];
  const ports = [];
  while (ports.length < count) {
    const port = randomInt(lowestPort, highestPort);
    const tcp = createServer();
    const udp = createSocket('udp4');
    const held = [
      await hold(tcp, (done) => tcp.listen(port, '127.0.0.1', done)),
      await hold(udp, (done) => udp.bind(port, '127.0.0.1', done)),
    ].filter(Boolean);
    holders.push(...held);
    if (held.length === 2) {
      ports.push(port);
    }
  }
  await Promise.all(holders.map((holder) => new Promise((done) => holder.close(done))));
  return ports;
}

/** A new folder for temporary files, and a function that removes it. */
export async function temporaryFolder(name) {
  const path = await mkdtemp(join(tmpdir(), `cardea-${name}-`));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) };
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
