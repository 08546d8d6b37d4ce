// Starts what the transport tests talk to: one module under tests/support/transport_harness.cpp, or, with
// CARDEA_TRANSPORT_TARGET=server, the whole server with the same settings.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { sleep } from './process.mjs';
import { buildFolder, promptFrees, startServer } from './server.mjs';

export const wholeServer = process.env.CARDEA_TRANSPORT_TARGET === 'server';
/** For tests that give the fake host orders: `test(name, harnessOnly, body)`. */
export const harnessOnly = { skip: wholeServer && 'needs the fake host' };

const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/**
 * @param {'websocket'|'http'} name of the module.
 * @param {Record<string, string|number>} settings keys of the module's section.
 * @returns port, adminPort, pid, `events()` seen so far, `waitFor(predicate)`, `order(object)`, `rss()` in bytes, `stop()`.
 */
export async function startTransport(name, settings = {}) {
  return wholeServer ? startWhole(name, settings) : startHarness(name, settings);
}

async function startWhole(name, settings) {
  const env = Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [
      `CARDEA_${name}_${key}`.toUpperCase(),
      String(value),
    ]),
  );
  const server = await startServer({ env: { ...env, ...promptFrees } });
  const port = Number(new URL(name === 'http' ? server.httpUrl : server.websocketUrl).port);
  return {
    port,
    adminPort: Number(new URL(server.adminUrl).port),
    pid: server.pid,
    rss: () => rss(server.pid),
    stop: server.stop,
  };
}

async function startHarness(name, settings) {
  const args = [
    join(buildFolder(), `lib/cardea/transports/${name}.so`),
    `${name}.port=0`,
    `${name}.admin_port=0`,
  ];
  const child = spawn(
    join(buildFolder(), 'bin/transport_harness'),
    [...args, ...Object.entries(settings).map(([key, value]) => `${name}.${key}=${value}`)],
    { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...promptFrees } },
  );
  running.add(child);
  const events = [];
  let rest = '';
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (chunk) => (errors += chunk));
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    events.push(...lines.map((line) => JSON.parse(line)));
  });
  const exited = new Promise((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal })),
  );
  exited.then(() => running.delete(child));

  const waitFor = async (predicate, timeoutMs = 15_000) => {
    for (const end = Date.now() + timeoutMs; Date.now() < end; await sleep(10)) {
      const found = events.find(predicate);
      if (found) {
        return found;
      }
      if (!running.has(child)) {
        break;
      }
    }
    throw new Error(`not seen: ${predicate}\n${JSON.stringify(events.slice(-20))}\n${errors}`);
  };
  const ready = await waitFor((event) => event.event === 'ready');
  const [port, adminPort] = ready.addresses.split(' ').map((url) => Number(new URL(url).port));
  return {
    port,
    adminPort,
    pid: child.pid,
    rss: () => rss(child.pid),
    events: () => events,
    waitFor,
    order: (order) => child.stdin.write(`${JSON.stringify(order)}\n`),
    async stop() {
      child.stdin.end();
      const { code, signal } = await exited;
      if (code !== 0) {
        throw new Error(`the harness ended with ${signal ?? code}:\n${errors}`);
      }
    },
  };
}

function rss(pid) {
  return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4096;
}

/**
 * A TCP connection that keeps what it hears, or one made by the caller. `closed` resolves with everything heard.
 */
export function rawSocket(
  port,
  {
    localAddress,
    text,
    socket = connect({ port, host: '127.0.0.1', localAddress, noDelay: true }),
  } = {},
) {
  let heard = Buffer.alloc(0);
  socket.on('data', (chunk) => (heard = Buffer.concat([heard, chunk])));
  socket.on('error', () => {});
  if (text !== undefined) {
    socket.write(text);
  }
  const closed = new Promise((resolve) => socket.once('close', () => resolve(heard)));
  return {
    socket,
    closed,
    heard: () => heard,
    write: (data) => socket.write(data),
    end: () => socket.destroy(),
    async waitFor(pattern, timeoutMs = 5000) {
      for (const end = Date.now() + timeoutMs; Date.now() < end; await sleep(5)) {
        const match = heard.toString('latin1').match(pattern);
        if (match) {
          return match;
        }
      }
      throw new Error(`no ${pattern} in ${JSON.stringify(heard.toString('latin1').slice(0, 500))}`);
    },
  };
}

/** What a promise gives, or a failure after some time. */
export function within(promise, timeoutMs, what) {
  const late = sleep(timeoutMs).then(() => {
    throw new Error(`${what}: nothing within ${timeoutMs} ms`);
  });
  return Promise.race([promise, late]);
}

/** One frame as a client sends it, RFC 6455 5.2. `declared` lies about the length. */
export function frame(
  opcode,
  payload = '',
  { fin = true, masked = true, declared, reserved = 0 } = {},
) {
  const data = Buffer.from(payload);
  const length = declared ?? data.length;
  const head = [(fin ? 0x80 : 0) | reserved | opcode];
  const bit = masked ? 0x80 : 0;
  if (length < 126) {
    head.push(bit | length);
  } else if (length < 65536) {
    head.push(bit | 126, length >> 8, length & 255);
  } else {
    const long = Buffer.alloc(8);
    long.writeBigUInt64BE(BigInt(length));
    head.push(bit | 127, ...long);
  }
  const key = [1, 2, 3, 4];
  const body = masked ? Buffer.from(data.map((byte, i) => byte ^ key[i & 3])) : data;
  return Buffer.concat([Buffer.from(head), Buffer.from(masked ? key : []), body]);
}
export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 };

/** A raw WebSocket after its upgrade. `closeCode()` waits for the close frame and gives its code, or 'eof'. */
export async function rawWebSocket(port, options = {}) {
  const raw = rawSocket(port, options);
  raw.write(
    'GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n' +
      'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: janus-protocol\r\n\r\n',
  );
  await raw.waitFor(/^HTTP\/1\.1 101 [^]*?\r\n\r\n/);
  const start = raw.heard().indexOf('\r\n\r\n') + 4;
  const frames = () => parseFrames(raw.heard().subarray(start));
  return {
    ...raw,
    frames,
    async closeCode(timeoutMs = 8000) {
      let ended = false;
      raw.closed.then(() => (ended = true));
      for (const end = Date.now() + timeoutMs; Date.now() < end; await sleep(5)) {
        const close = frames().find(({ opcode }) => opcode === opcodes.close);
        if (close) {
          return close.payload.length < 2 ? 1005 : close.payload.readUInt16BE(0);
        }
        if (ended) {
          return 'eof';
        }
      }
      throw new Error('neither close frame nor end of stream');
    },
  };
}

function parseFrames(bytes) {
  const out = [];
  for (let at = 0; at + 2 <= bytes.length;) {
    let length = bytes[at + 1] & 127;
    let head = 2;
    if (length === 126 && at + 4 <= bytes.length) {
      length = bytes.readUInt16BE(at + 2);
      head = 4;
    } else if (length === 127 && at + 10 <= bytes.length) {
      length = Number(bytes.readBigUInt64BE(at + 2));
      head = 10;
    }
    if (at + head + length > bytes.length) {
      break;
    }
    out.push({ opcode: bytes[at] & 15, payload: bytes.subarray(at + head, at + head + length) });
    at += head + length;
  }
  return out;
}
