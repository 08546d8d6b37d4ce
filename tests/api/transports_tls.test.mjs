// TLS on the public port and on the WebSocket transport's: the same traffic as without, bad certificates, hostile clients
// (threats S3, S4, S11, S12, S14), and a certificate that changes while a call goes on.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import WebSocket from 'ws';
import { makeCertificate } from '../support/certificates.mjs';
import { sleep, temporaryFolder } from '../support/process.mjs';
import { buildFolder, promptFrees, startServer } from '../support/server.mjs';
import { frame, opcodes, rawSocket, rawWebSocket, within } from '../support/transport_harness.mjs';
import { RTCPeerConnection, audioSource, reaches } from '../support/wrtc_peer.mjs';

const pageBytes = 3_000_000;
let folder, first, server, ports;

/** Starts a server with TLS on 8443's stand-in and on the WebSocket port. */
async function startSecure(env = {}) {
  const started = await startServer({
    env: {
      CARDEA_TLS_PORT: '0',
      CARDEA_WEBSOCKET_TLS: 'yes',
      CARDEA_TLS_HANDSHAKE_TIMEOUT: '2',
      ...promptFrees,
      ...env,
    },
  });
  const ready = started.log().match(/^ready .*$/m)[0];
  const port = (pattern) => Number(ready.match(pattern)[1]);
  return {
    ...started,
    ports: {
      http: port(/http:\/\/127\.0\.0\.1:(\d+) /),
      https: port(/https:\/\/127\.0\.0\.1:(\d+) /),
      wss: port(/wss:\/\/127\.0\.0\.1:(\d+) /),
    },
  };
}

before(async () => {
  folder = await temporaryFolder('tls');
  first = makeCertificate(folder.path, 'first');
  writeFileSync(join(folder.path, 'index.html'), 'x'.repeat(pageBytes));
  server = await startSecure({
    CARDEA_TLS_CERT: first.cert,
    CARDEA_TLS_KEY: first.key,
    CARDEA_HTTP_WEB_ROOT: folder.path,
    CARDEA_HTTP_HEADER_TIMEOUT: '2',
    CARDEA_WEBSOCKET_HANDSHAKE_TIMEOUT: '2',
    CARDEA_LIMITS_ENABLED: 'no',
  });
  ports = server.ports;
});
after(async () => {
  await server?.stop();
  await folder?.remove();
});

/** One HTTP request on a connection of its own. @returns status and text. */
function fetchBy(base, path, { method = 'GET', body, ca = first.ca, headers } = {}) {
  const send = base.startsWith('https') ? secureRequest : plainRequest;
  const answer = new Promise((resolve, reject) => {
    const outgoing = send(`${base}${path}`, { method, ca, agent: false, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode, text }));
    });
    outgoing.once('error', reject).end(body);
  });
  return within(answer, 15_000, `${method} ${base}${path}`);
}

async function openSocket(url, { ca = first.ca, ...options } = {}) {
  const socket = new WebSocket(url, 'janus-protocol', { ca, ...options });
  await within(
    new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject)),
    15_000,
    url,
  );
  assert.equal(socket.extensions, '', 'no compression: S16');
  const closed = new Promise((resolve) => socket.once('close', (code) => resolve(code)));
  return {
    socket,
    closed,
    async ask(message) {
      const answer = new Promise((resolve) =>
        socket.once('message', (data) => resolve(JSON.parse(data))),
      );
      socket.send(JSON.stringify({ transaction: 't', ...message }));
      return within(answer, 15_000, 'answer');
    },
  };
}

/** The certificate that a new connection sees, by its SHA-256. */
function seenCertificate(port) {
  const seen = new Promise((resolve, reject) => {
    const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    });
    socket.once('error', reject);
  });
  return within(seen, 15_000, 'handshake');
}

/** A TLS connection with the faces of rawSocket(). */
function rawTls(port, { text } = {}) {
  const socket = connectTls({ port, host: '127.0.0.1', ca: first.ca, servername: 'localhost' });
  return rawSocket(port, { socket, text });
}

for (const [name, base] of [
  ['plain', () => `http://localhost:${ports.http}`],
  ['TLS', () => `https://localhost:${ports.https}`],
]) {
  test(`page, REST, long poll and WebSocket by the public port: ${name}`, async () => {
    const page = await fetchBy(base(), '/');
    assert.equal(page.status, 200);
    assert.equal(page.text.length, pageBytes);
    const post = async (path, body) =>
      JSON.parse(
        (
          await fetchBy(base(), path, {
            method: 'POST',
            body: JSON.stringify({ transaction: 't', ...body }),
          })
        ).text,
      );
    const made = await post('/janus', { janus: 'create' });
    const poll = fetchBy(base(), `/janus/${made.data.id}?maxev=5`);
    const handle = await post(`/janus/${made.data.id}`, {
      janus: 'attach',
      plugin: 'janus.plugin.echotest',
    });
    await post(`/janus/${made.data.id}/${handle.data.id}`, {
      janus: 'message',
      body: { audio: true },
    });
    assert.equal(JSON.parse((await poll).text)[0].plugindata.data.result, 'ok');
    const settings = JSON.parse((await fetchBy(base(), '/cardea.json')).text);
    assert.equal(settings.websocket_url, `${base().replace('http', 'ws')}/janus`);
    const client = await openSocket(settings.websocket_url);
    const transaction = 'x'.repeat(100_000);
    assert.equal((await client.ask({ janus: 'ping', padding: transaction })).janus, 'pong');
    client.socket.close();
    assert.equal(await within(client.closed, 10_000, 'close'), 1005);
  });
}

test('many requests on one TLS connection are answered in order', async () => {
  const client = rawTls(ports.https, {
    text: 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(50),
  });
  const answers = () => client.heard().toString('latin1').split('HTTP/1.1 200 ').length - 1;
  for (const until = Date.now() + 15_000; answers() < 50; await sleep(20)) {
    assert.ok(Date.now() < until, `${answers()} answers`);
  }
  client.end();
});

test('the WebSocket port speaks TLS alone when told so', async () => {
  const client = await openSocket(`wss://localhost:${ports.wss}`);
  assert.equal((await client.ask({ janus: 'create' })).janus, 'success');
  client.socket.close();
  await assert.rejects(openSocket(`ws://localhost:${ports.wss}`));
});

test('TLS 1.2 is spoken, and 1.1 is not', async () => {
  for (const [version, good] of [
    ['TLSv1.2', true],
    ['TLSv1.1', false],
  ]) {
    const options = {
      port: ports.https,
      host: '127.0.0.1',
      rejectUnauthorized: false,
      ciphers: 'DEFAULT@SECLEVEL=0',
    };
    const done = await new Promise((resolve) => {
      const socket = connectTls({ ...options, minVersion: version, maxVersion: version }, () =>
        resolve(true),
      );
      socket.once('error', () => resolve(false)).once('close', () => resolve(false));
      setTimeout(() => socket.destroy(), 5000).unref();
    });
    assert.equal(done, good, version);
  }
});

test('without certificate files there is no TLS, or one for localhost when that is wanted', async () => {
  const none = await startServer({ env: { CARDEA_TLS_PORT: '0' } });
  assert.doesNotMatch(none.log(), /https:/);
  assert.match(none.log(), /no certificate/);
  await none.stop();
  const own = await startSecure({ CARDEA_TLS_AUTO_GENERATE: 'yes' });
  try {
    const certificate = await new Promise((resolve, reject) => {
      const socket = connectTls(
        { port: own.ports.https, host: '127.0.0.1', rejectUnauthorized: false },
        () => resolve(socket.getPeerX509Certificate()),
      );
      socket.once('error', reject);
    });
    assert.equal(certificate.checkHost('localhost'), 'localhost');
    assert.equal(certificate.checkIP('127.0.0.1'), '127.0.0.1');
    assert.equal(
      (
        await fetchBy(`https://localhost:${own.ports.https}`, '/healthz', {
          ca: certificate.toString(),
        })
      ).status,
      200,
    );
  } finally {
    await own.stop();
  }
});

test('bad certificate files stop the start with 2 and a line that names the file', () => {
  const other = makeCertificate(folder.path, 'other');
  const old = makeCertificate(folder.path, 'old', { expired: true });
  const locked = makeCertificate(folder.path, 'locked', { password: 'secret' });
  const garbage = join(folder.path, 'garbage.pem');
  writeFileSync(garbage, 'no certificate\n');
  for (const [cert, key, pattern] of [
    [join(folder.path, 'nothing.crt'), first.key, /cert: .*nothing\.crt: No such file/],
    [first.cert, join(folder.path, 'nothing.key'), /key: .*nothing\.key: No such file/],
    [first.cert, other.key, /key: .*other\.key: not the key of .*first\.crt/],
    [old.cert, old.key, /cert: .*old\.crt: .*expired/],
    [garbage, first.key, /cert: .*garbage\.pem: no certificate in PEM/],
    [first.cert, garbage, /key: .*garbage\.pem: no private key in PEM/],
    [locked.cert, locked.key, /key: .*locked\.key: no private key in PEM without password/],
    [first.cert, '', /\[tls\] key is not set/],
    ['', first.key, /\[tls\] cert is not set/],
  ]) {
    const env = {
      CARDEA_TLS_CERT: cert,
      CARDEA_TLS_KEY: key,
      CARDEA_HTTP_PORT: '0',
      CARDEA_WEBSOCKET_PORT: '0',
      CARDEA_HTTP_ADMIN_PORT: '0',
      CARDEA_WEBSOCKET_ADMIN_PORT: '0',
      CARDEA_MEDIA_UDP_PORT: '0',
      CARDEA_MEDIA_TCP_PORT: '0',
    };
    const result = spawnSync(join(buildFolder(), 'bin/cardea'), ['--data', folder.path], {
      env: { ...process.env, ...env },
      encoding: 'utf8',
      timeout: 20_000,
    });
    assert.equal(result.status, 2, result.stderr);
    assert.match(result.stderr, pattern);
    assert.doesNotMatch(result.stdout, /^ready/m);
  }
});

test('S12: slow handshakes, slow heads and what is no TLS are cut in time, and others do not notice', async () => {
  const hello = Buffer.from('16030100ff010000fb0303', 'hex');
  const slow = [];
  for (const port of [ports.https, ports.wss]) {
    for (let i = 0; i < 100; ++i) {
      slow.push(
        rawSocket(port, {
          localAddress: `127.0.1.${1 + (i % 5)}`,
          text: i % 2 === 0 ? undefined : hello,
        }),
      );
    }
    slow.push(rawSocket(port, { text: 'GET / HTTP/1.1\r\nHost: x\r\n\r\n' }));
    slow.push(rawTls(port, { text: 'GET /janus HT' }));
    slow.push(rawTls(port));
  }
  const client = await openSocket(`wss://localhost:${ports.https}/janus`);
  assert.equal((await client.ask({ janus: 'ping' })).janus, 'pong');
  await within(
    Promise.all(slow.map(({ closed }) => closed)),
    15_000,
    'slow connections still open',
  );
  assert.equal((await client.ask({ janus: 'ping' })).janus, 'pong');
  client.socket.close();
});

test('the cap of an address counts connections by TLS and their handshakes', async () => {
  const capped = await startSecure({
    CARDEA_TLS_CERT: first.cert,
    CARDEA_TLS_KEY: first.key,
    CARDEA_HTTP_MAX_CONNECTIONS_PER_ADDRESS: '3',
    CARDEA_WEBSOCKET_MAX_CONNECTIONS_PER_ADDRESS: '3',
  });
  try {
    for (const port of [capped.ports.https, capped.ports.wss]) {
      const held = [1, 2, 3].map(() => rawSocket(port));
      await Promise.all(
        held.map(({ socket }) => new Promise((resolve) => socket.once('connect', resolve))),
      );
      await within(rawSocket(port).closed, 1500, 'a fourth connection');
      held.forEach((each) => each.end());
    }
    const kept = [];
    while (kept.length < 3) {
      // The ends of the connections above may not have been noticed yet.
      await openSocket(`wss://localhost:${capped.ports.wss}`).then(
        (socket) => kept.push(socket),
        () => sleep(100),
      );
    }
    await assert.rejects(openSocket(`wss://localhost:${capped.ports.wss}`));
    kept.forEach(({ socket }) => socket.close());
  } finally {
    await capped.stop();
  }
});

test('S3: bounds of messages and bodies hold on TLS', async () => {
  const client = await openSocket(`wss://localhost:${ports.https}/janus`);
  client.socket.on('error', () => {});
  client.socket.send(
    JSON.stringify({ janus: 'ping', transaction: 't', padding: 'x'.repeat(300_000) }),
  );
  assert.equal(await within(client.closed, 10_000, 'close'), 1009);
  const body = JSON.stringify({ janus: 'ping', transaction: 't', padding: 'x'.repeat(300_000) });
  assert.equal(
    (await fetchBy(`https://localhost:${ports.https}`, '/janus', { method: 'POST', body })).status,
    413,
  );
});

test('S4: a flood of pings is closed with 1008 on TLS', async () => {
  const strict = await startSecure({ CARDEA_TLS_CERT: first.cert, CARDEA_TLS_KEY: first.key });
  try {
    for (const port of [strict.ports.https, strict.ports.wss]) {
      const client = await rawWebSocket(port, {
        socket: connectTls({ port, host: '127.0.0.1', ca: first.ca, servername: 'localhost' }),
      });
      const burst = Buffer.concat(
        Array.from({ length: 500 }, () => frame(opcodes.ping, 'x'.repeat(60))),
      );
      const flood = setInterval(() => client.write(burst), 50);
      try {
        assert.equal(await client.closeCode(15_000), 1008);
      } finally {
        clearInterval(flood);
        client.end();
      }
    }
  } finally {
    await strict.stop();
  }
});

test('S11: a slow reader on TLS is closed with a line in the log, and memory stays flat', async () => {
  const slow = await rawWebSocket(ports.wss, {
    socket: connectTls({
      port: ports.wss,
      host: '127.0.0.1',
      ca: first.ca,
      servername: 'localhost',
    }),
  });
  slow.socket.pause();
  const resident = () =>
    Number(readFileSync(`/proc/${server.pid}/statm`, 'utf8').split(' ')[1]) * 4096;
  const before = resident();
  const request = frame(opcodes.text, '{"janus":"info","transaction":"t"}');
  const asking = setInterval(() => slow.write(Buffer.concat(Array(20).fill(request))), 20);
  try {
    const until = Date.now() + 40_000;
    while (!/slow reader 127\.0\.0\.1/.test(server.log())) {
      assert.ok(Date.now() < until, `the slow reader is still there:\n${server.log().slice(-500)}`);
      await sleep(50);
    }
  } finally {
    clearInterval(asking);
  }
  assert.ok(resident() - before < 64 << 20, 'memory grew');
  slow.end();
});

test('S14: smuggled and malformed requests are refused inside TLS as outside', async () => {
  for (const head of [
    'POST /janus HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'POST /janus HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}x',
    `GET /janus HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(40_000)}\r\n\r\n`,
  ]) {
    const heard = await within(
      rawTls(ports.https, { text: head }).closed,
      10_000,
      head.slice(0, 60),
    );
    assert.doesNotMatch(heard.toString('latin1'), /^HTTP\/1\.1 [123]/);
  }
});

/** A call with echotest. `packets()`: audio that has come back. */
async function call(client) {
  const session = (await client.ask({ janus: 'create' })).data.id;
  const handle = (
    await client.ask({ janus: 'attach', session_id: session, plugin: 'janus.plugin.echotest' })
  ).data.id;
  const pc = new RTCPeerConnection();
  const audio = audioSource();
  pc.addTrack(audio.track);
  await pc.setLocalDescription(await pc.createOffer());
  await reaches(pc, 'iceGatheringState', 'complete');
  const answered = new Promise((resolve) =>
    client.socket.on('message', (data) => {
      const { jsep } = JSON.parse(data);
      if (jsep) {
        resolve(jsep);
      }
    }),
  );
  await client.ask({
    janus: 'message',
    session_id: session,
    handle_id: handle,
    body: { audio: true },
    jsep: { type: 'offer', sdp: pc.localDescription.sdp },
  });
  await pc.setRemoteDescription(await within(answered, 15_000, 'answer'));
  await reaches(pc, 'connectionState', 'connected');
  return {
    async packets() {
      const report = [...(await pc.getStats()).values()];
      return (
        report.find(({ type, kind }) => type === 'inbound-rtp' && kind === 'audio')
          ?.packetsReceived ?? 0
      );
    },
    keepalive: () => client.ask({ janus: 'keepalive', session_id: session }),
    close() {
      audio.stop();
      pc.close();
    },
  };
}

test('a certificate is replaced with a call going on: old connections stay, new ones see it, media flows', async () => {
  const second = makeCertificate(folder.path, 'second');
  const inUse = { cert: join(folder.path, 'use.crt'), key: join(folder.path, 'use.key') };
  const use = ({ cert, key }) => {
    copyFileSync(cert, inUse.cert);
    copyFileSync(key, inUse.key);
  };
  use(first);
  const lively = await startSecure({ CARDEA_TLS_CERT: inUse.cert, CARDEA_TLS_KEY: inUse.key });
  let echo, watch;
  try {
    const client = await openSocket(`wss://localhost:${lively.ports.https}/janus`);
    echo = await call(client);
    let longest = 0;
    let seen = { packets: 0, at: Date.now() };
    watch = setInterval(async () => {
      const packets = await echo.packets();
      longest = Math.max(longest, Date.now() - seen.at);
      seen = packets > seen.packets ? { packets, at: Date.now() } : seen;
    }, 100);
    const flows = async () => {
      const packets = await echo.packets();
      for (
        const until = Date.now() + 10_000;
        (await echo.packets()) < packets + 50;
        await sleep(50)
      ) {
        assert.ok(Date.now() < until, 'media has stopped');
      }
    };
    await flows();
    longest = 0;
    for (const [next, pattern] of [
      [second, /new connections get/g],
      [first, /new connections get/g],
    ]) {
      use(next);
      const before = lively.log().match(pattern)?.length ?? 0;
      process.kill(lively.pid, 'SIGHUP');
      for (
        const until = Date.now() + 10_000;
        (lively.log().match(pattern)?.length ?? 0) === before;
        await sleep(20)
      ) {
        assert.ok(Date.now() < until, 'SIGHUP was not obeyed');
      }
      assert.equal(await seenCertificate(lively.ports.https), next.fingerprint);
      assert.equal(await seenCertificate(lively.ports.wss), next.fingerprint);
      assert.equal((await echo.keepalive()).janus, 'ack');
      await flows();
    }
    copyFileSync(second.key, inUse.key);
    process.kill(lively.pid, 'SIGHUP');
    for (
      const until = Date.now() + 10_000;
      !/use\.key: not the key of .*the old certificate stays/.test(lively.log());
      await sleep(20)
    ) {
      assert.ok(Date.now() < until, 'nothing said about the bad files');
    }
    assert.equal(await seenCertificate(lively.ports.https), first.fingerprint);
    assert.equal((await echo.keepalive()).janus, 'ack');
    await flows();
    assert.ok(longest < 2000, `no packet for ${longest} ms`);
  } finally {
    clearInterval(watch);
    echo?.close();
    await lively.stop();
  }
});

test('a certificate that changes on disk is taken without a signal', async () => {
  const third = makeCertificate(folder.path, 'third');
  const fourth = makeCertificate(folder.path, 'fourth');
  const watching = await startSecure({
    CARDEA_TLS_CERT: third.cert,
    CARDEA_TLS_KEY: third.key,
    CARDEA_TLS_CHECK_INTERVAL: '1',
  });
  try {
    assert.equal(await seenCertificate(watching.ports.https), third.fingerprint);
    copyFileSync(fourth.key, third.key);
    copyFileSync(fourth.cert, third.cert);
    for (
      const until = Date.now() + 10_000;
      (await seenCertificate(watching.ports.https)) !== fourth.fingerprint;
      await sleep(100)
    ) {
      assert.ok(Date.now() < until, 'the new certificate was not taken');
    }
  } finally {
    await watching.stop();
  }
});
