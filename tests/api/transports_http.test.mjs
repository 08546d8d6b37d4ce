// The HTTP transport: Janus REST, long polls, files, and clients of ill will (threats S3, S12, S13, S14, S15).
import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { sleep, temporaryFolder } from '../support/process.mjs';
import { harnessOnly, rawSocket, startTransport, within } from '../support/transport_harness.mjs';

let folder;
let target;
let url;

before(async () => {
  folder = await temporaryFolder('web');
  const root = join(folder.path, 'root');
  mkdirSync(join(root, 'assets'), { recursive: true });
  mkdirSync(join(root, '.hidden'));
  writeFileSync(join(root, 'index.html'), '<h1>the app</h1>');
  writeFileSync(join(root, 'assets/app-1234.js'), 'export {};');
  writeFileSync(join(root, 'style.css'), 'body {}');
  writeFileSync(join(root, '.env'), 'SECRET');
  writeFileSync(join(root, '.hidden/file.txt'), 'SECRET');
  writeFileSync(join(folder.path, 'secret.txt'), 'SECRET');
  symlinkSync(join(folder.path, 'secret.txt'), join(root, 'link.txt'));
  symlinkSync('../secret.txt', join(root, 'relative.txt'));
  symlinkSync('/etc', join(root, 'etc'));
  target = await startTransport('http', { web_root: root, header_timeout: 2, answer_timeout: 2, poll_timeout: 4 });
  url = `http://127.0.0.1:${target.port}`;
});
after(async () => {
  await target.stop();
  await folder.remove();
});

const post = (path, body, options = {}) => fetch(url + path, { method: 'POST', body, ...options });

/** The whole answer to bytes as they are; the connection is closed by the server, or after `ms`. */
async function raw(text, ms = 6000, port = target.port) {
  const client = rawSocket(port, { text });
  await Promise.race([client.closed, sleep(ms)]);
  client.end();
  return client.heard().toString('latin1');
}

test('a message is posted and answered as JSON that any page may read', async () => {
  const answer = await post('/janus', '{"janus":"ping","transaction":"one"}', { headers: { Origin: 'http://elsewhere' } });
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get('content-type'), /^application\/json/);
  assert.equal(answer.headers.get('access-control-allow-origin'), '*');
  assert.equal(answer.headers.get('access-control-allow-credentials'), null);
  assert.equal((await answer.json()).transaction, 'one');
});

test('GET /janus/info asks for the description', async () => {
  const answer = await (await fetch(`${url}/janus/info`)).json();
  assert.ok(answer.transaction.length >= 8);
});

test('a preflight is answered with what the API takes', async () => {
  const answer = await fetch(`${url}/janus/12/34`, {
    method: 'OPTIONS',
    headers: { Origin: 'http://elsewhere', 'Access-Control-Request-Method': 'POST' },
  });
  assert.equal(answer.status, 204);
  assert.equal(answer.headers.get('access-control-allow-origin'), '*');
  assert.match(answer.headers.get('access-control-allow-methods'), /POST/);
  assert.match(answer.headers.get('access-control-allow-headers'), /content-type/i);
});

test('session and handle come from the path', harnessOnly, async () => {
  await post('/janus/9007199254740991/34', '{"janus":"ids"}');
  const seen = await target.waitFor(({ event, text }) => event === 'message' && /ids/.test(text));
  assert.equal(seen.session, 9007199254740991);
  assert.equal(seen.handle, 34);
});

test('wrong paths and methods get an error with its Janus number', async () => {
  for (const [method, path, status, code] of [
    ['POST', '/janus/1/2/3', 200, 457],
    ['POST', '/janus/abc', 200, 457],
    ['POST', '/janus/0', 200, 457],
    ['POST', '/janus/-1', 200, 457],
    ['POST', '/janus/9007199254740992', 200, 457],
    ['POST', '/janus/1/', 200, 457],
    ['POST', '/janus//1', 200, 457],
    ['GET', '/janus', 405, 450],
    ['GET', '/janus/1/2', 405, 450],
    ['PUT', '/janus', 405, 450],
    ['DELETE', '/janus/1', 405, 450],
    ['POST', '/janus', 400, 454],
  ]) {
    const answer = await fetch(url + path, { method });
    const { janus, error } = await answer.json();
    assert.deepEqual([answer.status, janus, error.code], [status, 'error', code], `${method} ${path}`);
    assert.ok(error.reason.length > 5);
  }
});

test('a wrong path is told to the transaction that took it', async () => {
  const answer = await fetch(`${url}/janus/12/x`, { method: 'POST', body: '{"transaction":"t"}' });
  const { transaction, session_id } = await answer.json();
  assert.deepEqual([transaction, session_id], ['t', 12]);
});

test('a long poll is answered with an array when maxev allows several events', harnessOnly, async () => {
  const answer = await (await fetch(`${url}/janus/1?rid=123&maxev=10`)).json();
  assert.ok(Array.isArray(answer));
  assert.equal(target.events().find(({ event }) => event === 'poll').max_events, 10);
});

test('a post during a long poll does not wait for it, and the poll gets its event', harnessOnly, async () => {
  const poll = fetch(`${url}/janus/77?maxev=1`);
  const { client } = await target.waitFor(({ event, session }) => event === 'poll' && session === 77);
  const began = performance.now();
  await post('/janus/77', '{"transaction":"now"}');
  assert.ok(performance.now() - began < 500);
  target.order({ send: client, text: '{"janus":"event","n":1}' });
  assert.equal((await (await within(poll, 3000, 'poll')).json()).n, 1);
  await target.waitFor((seen) => seen.event === 'closed' && seen.client === client);
});

test('S13: a poll that nobody answers ends as keepalive, an abandoned one is freed', harnessOnly, async () => {
  const abandoned = rawSocket(target.port, { text: 'GET /janus/88 HTTP/1.1\r\nHost: x\r\n\r\n' });
  const { client } = await target.waitFor(({ event, session }) => event === 'poll' && session === 88);
  abandoned.end();
  assert.deepEqual(await (await fetch(`${url}/janus/99`)).json(), { janus: 'keepalive' });
  await target.waitFor((seen) => seen.event === 'closed' && seen.client === client);
});

test('a message that nobody answers gets 504', harnessOnly, async () => {
  const answer = await post('/janus', '{"harness":"mute"}');
  assert.equal(answer.status, 504);
  assert.equal((await answer.json()).janus, 'error');
});

test('a host that cannot take a message gives 503', harnessOnly, async () => {
  target.order({ busy: true });
  await sleep(100);
  assert.equal((await post('/janus', '{}')).status, 503);
  target.order({ busy: false });
  await sleep(100);
});

test('S3: a body over its limit gets 413, with and without a length, and memory stays flat', async () => {
  const resident = target.rss();
  const body = (size, key) => `{"janus":"ping","transaction":"t","${key}":"${'x'.repeat(size)}"}`;
  assert.equal((await post('/janus', body(200_000, 'x'))).status, 200);
  assert.equal((await post('/janus', body(263_000, 'x'))).status, 413);
  assert.equal((await post('/janus', body(1_000_000, 'jsep'))).status, 200);
  assert.match(await raw(`POST /janus HTTP/1.1\r\nHost: x\r\nContent-Length: ${256 << 20}\r\n\r\n`), /^HTTP\/1\.1 413/);
  assert.match(await raw(`POST /janus HTTP/1.1\r\nHost: x\r\nContent-Length: ${'9'.repeat(30)}\r\n\r\n`), /^HTTP\/1\.1 4/);
  const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
  const chunked = 'POST /janus HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n';
  assert.match(await raw(`${chunked}${chunk.repeat(32)}0\r\n\r\n`), /^HTTP\/1\.1 413/);
  const endless = rawSocket(target.port, { text: chunked });
  const flood = setInterval(() => endless.write(chunk.repeat(16)), 5);
  await within(endless.closed, 10_000, 'end of an endless body');
  clearInterval(flood);
  assert.ok(target.rss() - resident < 48 << 20, 'memory grew');
});

test('S12: 1,000 slow heads are cut in time, and others do not notice', { timeout: 60_000 }, async () => {
  const slow = Array.from({ length: 1000 }, (_, i) =>
    rawSocket(target.port, { localAddress: `127.0.1.${1 + (i % 5)}`, text: i % 2 ? 'GET / HT' : 'GET / HTTP/1.1\r\nX-A: ' }),
  );
  const dripping = setInterval(() => slow.forEach(({ socket }) => socket.writable && socket.write('x')), 500);
  const times = [];
  for (let i = 0; i < 20; ++i) {
    const began = performance.now();
    await (await fetch(`${url}/style.css`)).text();
    times.push(performance.now() - began);
    await sleep(50);
  }
  times.sort((a, b) => a - b);
  assert.ok(times[10] < 50, `median ${times[10]} ms`);
  await within(Promise.all(slow.map(({ closed }) => closed)), 15_000, 'slow heads still open');
  clearInterval(dripping);
});

test('S12: a slow body is cut', { timeout: 30_000 }, async () => {
  const slow = rawSocket(target.port, { text: 'POST /janus HTTP/1.1\r\nHost: x\r\nContent-Length: 50000\r\n\r\n' });
  const dripping = setInterval(() => slow.write('x'), 500);
  await within(slow.closed, 15_000, 'slow body still open');
  clearInterval(dripping);
});

test('S12: connections over the cap of an address are refused, others are not', async () => {
  const capped = await startTransport('http', { max_connections_per_address: 3 });
  const kept = [1, 2, 3].map(() => rawSocket(capped.port));
  await sleep(200);
  assert.equal((await within(rawSocket(capped.port).closed, 2000, 'refusal')).length, 0);
  const other = rawSocket(capped.port, { localAddress: '127.0.1.9', text: 'GET /janus/info HTTP/1.1\r\nHost: x\r\n\r\n' });
  await other.waitFor(/^HTTP\/1\.1 200/);
  kept[0].end();
  await sleep(200);
  const again = rawSocket(capped.port, { text: 'GET /janus/info HTTP/1.1\r\nHost: x\r\n\r\n' });
  await again.waitFor(/^HTTP\/1\.1 200/);
  [...kept, other, again].forEach((client) => client.end());
  await capped.stop();
});

test('S14: requests that could be read in two ways get 400 and are closed', async () => {
  const body = '0\r\n\r\nGET /janus/info HTTP/1.1\r\nHost: x\r\n\r\n';
  for (const [what, text] of [
    ['length and encoding', `POST /janus HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n${body}`],
    ['encoding and length', `POST /janus HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 50\r\n\r\n${body}`],
    ['two lengths', `POST /janus HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n${body}`],
    ['a negative length', `POST /janus HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n${body}`],
    ['a length with a sign', `POST /janus HTTP/1.1\r\nHost: x\r\nContent-Length: +5\r\n\r\n${body}`],
    ['an absolute URI', 'GET http://evil.example/ HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['a target without slash', 'GET janus/info HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['a target of *', 'OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['a head over 16 KiB', `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`],
    ['a head over 40 KiB', `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(40_000)}\r\n\r\n`],
    ['no host', 'GET / HTTP/1.1\r\n\r\n'],
    ['garbage', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n'],
  ]) {
    const heard = await raw(text);
    const statuses = heard.match(/HTTP\/1\.1 \d+/g) ?? [];
    // None is answered as a second request; a connection that is cut without a word is as good.
    assert.ok(statuses.every((status) => /4(00|13|31)$/.test(status)), `${what}: ${statuses}`);
  }
});

test('S14: a header value with a line break is no second header', async () => {
  const heard = await raw('GET /cardea.json HTTP/1.1\r\nHost: evil\x0bSet-Cookie: a=b\r\nConnection: close\r\n\r\n');
  assert.doesNotMatch(heard, /Set-Cookie/i);
});

test('the app comes with its types, and its paths without a dot give its page', async () => {
  for (const [path, type] of [
    ['/', 'text/html'],
    ['/index.html', 'text/html'],
    ['/rooms/my-room', 'text/html'],
    ['/style.css', 'text/css'],
    ['/assets/app-1234.js', 'text/javascript'],
  ]) {
    const answer = await fetch(url + path);
    assert.equal(answer.status, 200, path);
    assert.ok(answer.headers.get('content-type').startsWith(type), path);
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
    assert.match(answer.headers.get('content-security-policy'), /default-src 'self'/);
    assert.doesNotMatch(answer.headers.get('content-security-policy'), /script-src[^;]*unsafe/);
    await answer.text();
  }
  assert.equal((await fetch(`${url}/nothing.js`)).status, 404);
  assert.equal((await post('/', 'x')).status, 405);
  assert.equal((await fetch(`${url}/`, { method: 'HEAD' })).status, 200);
});

test('a file that the browser has is not sent again', async () => {
  const first = await fetch(`${url}/style.css`);
  const again = await fetch(`${url}/style.css`, { headers: { 'If-None-Match': first.headers.get('etag') } });
  assert.equal(again.status, 304);
  assert.match((await fetch(`${url}/assets/app-1234.js`)).headers.get('cache-control'), /immutable/);
});

// Each must give 404 and not a byte of a secret; they go out raw, because fetch would tidy them up.
const hostilePaths = [
  '/../secret.txt', '/../../etc/passwd', '/./secret.txt', '/assets/../../secret.txt', '/assets/../style.css',
  '/%2e%2e/secret.txt', '/%2E%2E/secret.txt', '/.%2e/secret.txt', '/%2e./secret.txt', '/..%2fsecret.txt',
  '/%2e%2e%2fsecret.txt', '/assets%2f..%2f..%2fsecret.txt', '/..%5csecret.txt', '/..\\secret.txt', '/assets\\..\\..\\secret.txt',
  '/%5c..%5csecret.txt', '/%252e%252e/secret.txt', '/..%252fsecret.txt', '/%c0%ae%c0%ae/secret.txt', '/%c0%af..%c0%afsecret.txt',
  '/style.css%00', '/style.css%00.html', '/%00/../secret.txt', '/.env', '/%2eenv', '/.hidden/file.txt', '/.git/config',
  '/link.txt', '/relative.txt', '/etc/hosts.txt', '/etc/ld.so.conf', '//etc/ld.so.conf', '/assets//app-1234.js', '/%2f/etc/ld.so.conf',
  '/style.css/', '/style.css/..', '/assets/.', '/assets/..', '/%zz.txt', '/style.css%', '/style.css%0a', '/\x7f.txt',
];

test(`S15: ${hostilePaths.length} paths that leave the folder, or try, give 404`, async () => {
  for (const path of hostilePaths) {
    const heard = await raw(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    assert.match(heard, /^HTTP\/1\.1 40[04] /, JSON.stringify(path));
    assert.doesNotMatch(heard, /SECRET|root:|include/, JSON.stringify(path));
  }
});

test('/cardea.json tells the page where the WebSocket is', async () => {
  const answer = await (await fetch(`${url}/cardea.json`)).json();
  assert.ok(answer.websocket_url === null || /^ws:\/\/127\.0\.0\.1:\d+\/janus$/.test(answer.websocket_url));
});

test('paths of the host go to the host, with the port they came by', harnessOnly, async () => {
  const options = { method: 'POST', body: '{"a":1}', headers: { Authorization: 'Bearer t' } };
  const seen = await (await fetch(`${url}/module/x%20y?q=%20`, options)).json();
  const { method, path, query, body, headers, remote, admin } = seen;
  assert.deepEqual(
    { method, path, query, body, authorization: headers.authorization, remote, admin },
    { method: 'POST', path: '/module/x y', query: 'q=%20', body: '{"a":1}', authorization: 'Bearer t', remote: '127.0.0.1', admin: 0 },
  );
  const byAdmin = await (await fetch(`http://127.0.0.1:${target.adminPort}/metrics`)).json();
  assert.equal(byAdmin.admin, 1);
});

test('the admin port has neither the Janus API nor the app', async () => {
  for (const path of ['/janus/info', '/', '/style.css']) {
    assert.equal((await fetch(`http://127.0.0.1:${target.adminPort}${path}`)).status, 404, path);
  }
});

test('requests in one connection are answered one after the other', async () => {
  const one = 'POST /janus HTTP/1.1\r\nHost: x\r\nContent-Length: 36\r\n\r\n{"janus":"ping","transaction":"p-N"}';
  const client = rawSocket(target.port, { text: [1, 2, 3].map((n) => one.replace('N', n)).join('') });
  const [all] = await client.waitFor(/p-1[^]*p-2[^]*p-3/);
  assert.ok(all);
  client.end();
});

test('the server ends cleanly with parked polls, and answers them', harnessOnly, async () => {
  const ending = await startTransport('http');
  const polls = Array.from({ length: 50 }, (_, i) => fetch(`http://127.0.0.1:${ending.port}/janus/${100 + i}`));
  await ending.waitFor(() => ending.events().filter(({ event }) => event === 'poll').length === 50);
  const began = Date.now();
  await ending.stop();
  assert.ok(Date.now() - began < 3000);
  for (const answer of await Promise.all(polls)) {
    assert.equal((await answer.json()).janus, 'error');
  }
});
