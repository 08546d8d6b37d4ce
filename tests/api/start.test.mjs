// Bad configuration stops the start with exit code 2 and a line that names file, line, key and what is allowed (threat P4).
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { temporaryFolder } from '../support/process.mjs';
import { buildFolder, startServer } from '../support/server.mjs';

const binary = join(buildFolder(), 'bin', 'cardea');
let folder;

before(async () => {
  folder = await temporaryFolder('config');
});
after(() => folder.remove());

/** Runs the program to its end: these starts must all fail, or be checks. */
function run(args, env = {}) {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('CARDEA_')));
  return spawnSync(binary, args, { encoding: 'utf8', timeout: 20_000, cwd: folder.path, env: { ...clean, ...env } });
}

let files = 0;
function configFile(text) {
  const path = join(folder.path, `case-${++files}.conf`);
  writeFileSync(path, text);
  return path;
}

// [what is wrong, the file's text, what the error must say]
const cases = [
  ['an unknown key', '[media]\nudp_prot = 1\n', /:2: .*udp_prot.*udp_port/],
  ['an unknown section', '[medai]\nudp_port = 1\n', /:1: .*medai.*media/],
  ['an unknown key of a module', '[websocket]\nprot = 1\n', /:2: .*prot.*port/],
  ['a word for a number', '[media]\nudp_port = abc\n', /:2: .*udp_port/],
  ['a port that is too large', '[media]\nudp_port = 65536\n', /:2: .*udp_port.*65535/],
  ['a negative port', '[http]\nport = -1\n', /:2: .*port/],
  ['an empty number', '[media]\nudp_port =\n', /:2: .*udp_port/],
  ['a fraction', '[media]\nudp_port = 1.5\n', /:2: .*udp_port/],
  ['a number with text behind', '[media]\nudp_port = 10000x\n', /:2: .*udp_port/],
  ['a number that is far too large', '[media]\nudp_port = 99999999999999999999999\n', /:2: .*udp_port/],
  ['a word for a switch', '[limits]\nenabled = perhaps\n', /:2: .*enabled/],
  ['a word that is not allowed', '[log]\nformat = xml\n', /:2: .*format.*text.*json/],
  ['a duplicate key', '[media]\nudp_port = 1\nudp_port = 2\n', /:3: .*udp_port/],
  ['a line without a value', '[media]\nudp_port\n', /:2: /],
  ['a key before any section', 'udp_port = 1\n', /:1: /],
  ['an unfinished section', '[media\nudp_port = 1\n', /:1: /],
  ['a line that is too long', `[media]\naddress = ${'x'.repeat(9000)}\n`, /:2: /],
  ['a module that is not there', '[modules]\nload = nosuchmodule\n', /:2: .*load.*nosuchmodule/],
  ['a folder that is not there', '[modules]\npaths = /nonexistent/folder\n', /:2: .*paths.*nonexistent/],
  ['an unknown option of a room', '[room-1234]\ndescripton = x\n', /:2: .*descripton.*description/],
  ['a bad option of a room', '[room-1234]\npublishers = many\n', /:2: .*publishers/],
  ['a bad log level', '[log]\nlevel = loud\n', /level/],
];

for (const [what, text, expected] of cases) {
  test(`${what} stops the start with 2 and a line that says so`, () => {
    const result = run(['--config', configFile(text)]);
    assert.equal(result.status, 2, result.stderr);
    assert.match(result.stderr, expected);
    assert.doesNotMatch(result.stdout, /^ready/m);
  });
}

test('--check prints all errors at once, returns 2 and opens nothing', () => {
  const path = configFile('[media]\nudp_port = abc\n[log]\nformat = xml\n[nosection]\nx = 1\n');
  const result = run(['--check', '--config', path]);
  assert.equal(result.status, 2);
  assert.match(result.stderr, /udp_port/);
  assert.match(result.stderr, /format/);
  assert.match(result.stderr, /nosection/);
});

test('--check of a good configuration returns 0', () => {
  const result = run(['--check', '--config', configFile('[media]\nudp_port = 0\n[room-77]\ndescription = "x ; y"\n')]);
  assert.equal(result.status, 0, result.stderr);
});

test('a folder is read file by file, and an error names the file of the module', () => {
  const conf = join(folder.path, 'conf');
  mkdirSync(join(conf, 'transports'), { recursive: true });
  mkdirSync(join(conf, 'plugins'), { recursive: true });
  writeFileSync(join(conf, 'cardea.conf'), '[log]\nlevel = info\n');
  writeFileSync(join(conf, 'transports', 'websocket.conf'), '; a comment\n[websocket]\nport = nine\n');
  const result = run(['--config', conf]);
  assert.equal(result.status, 2);
  assert.match(result.stderr, /transports\/websocket\.conf:3: .*port/);
});

test('the shipped configuration is good and says the same as the defaults', () => {
  const result = run(['--check', '--config', new URL('../../conf', import.meta.url).pathname]);
  assert.equal(result.status, 0, result.stderr);
});

test('a configuration that is not there is an error', () => {
  const result = run(['--config', '/nonexistent/cardea']);
  assert.equal(result.status, 2);
  assert.match(result.stderr, /nonexistent/);
});

test('a bad value in the environment names the variable', () => {
  const result = run(['--check'], { CARDEA_MEDIA_UDP_PORT: 'abc' });
  assert.equal(result.status, 2);
  assert.match(result.stderr, /CARDEA_MEDIA_UDP_PORT/);
});

test('an unknown variable is a warning with the nearest name', () => {
  const result = run(['--check'], { CARDEA_MEDIA_UPD_PORT: '1' });
  assert.equal(result.status, 0, result.stderr);
  assert.match(result.stderr, /CARDEA_MEDIA_UPD_PORT.*CARDEA_MEDIA_UDP_PORT/);
});

test('an unknown argument is an error', () => {
  const result = run(['--cofnig', 'x']);
  assert.equal(result.status, 2);
  assert.match(result.stderr, /--cofnig/);
});

test('a port in use stops the start with 2 and names the address', async () => {
  const taken = createServer();
  await new Promise((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port } = taken.address();
  try {
    for (const name of ['CARDEA_WEBSOCKET_PORT', 'CARDEA_HTTP_PORT']) {
      const result = run([], {
        CARDEA_WEBSOCKET_PORT: '0',
        CARDEA_HTTP_PORT: '0',
        CARDEA_HTTP_ADMIN_PORT: '0',
        CARDEA_MEDIA_UDP_PORT: '0',
        CARDEA_MEDIA_TCP_PORT: '0',
        [name]: String(port),
      });
      assert.equal(result.status, 2, `${name}: ${result.stderr}`);
      assert.match(result.stderr, new RegExp(`${port}`));
      assert.doesNotMatch(result.stdout, /^ready/m);
    }
  } finally {
    taken.close();
  }
});

test('the media port in use stops the start with 2 and names the address', async () => {
  const first = await startServer();
  try {
    const result = run([], {
      CARDEA_WEBSOCKET_PORT: '0',
      CARDEA_HTTP_PORT: '0',
      CARDEA_HTTP_ADMIN_PORT: '0',
      CARDEA_MEDIA_UDP_PORT: String(first.mediaPort),
      CARDEA_MEDIA_TCP_PORT: '0',
    });
    assert.equal(result.status, 2, result.stderr);
    assert.match(result.stderr, new RegExp(`${first.mediaPort}`));
  } finally {
    await first.stop();
  }
});
