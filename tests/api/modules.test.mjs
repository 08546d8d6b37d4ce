// Broken modules never take the process down: the start stops with the file and the reason (threat P2).
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { assertHealthy } from '../support/metrics.mjs';
import { temporaryFolder } from '../support/process.mjs';
import { buildFolder, repository, startServer } from '../support/server.mjs';

const binary = join(buildFolder(), 'bin', 'cardea');
const good = join(buildFolder(), 'lib', 'cardea', 'plugins', 'echotest.so');
let folder;

before(async () => {
  folder = await temporaryFolder('modules');
});
after(() => folder.remove());

function start(name, prepare, extra = {}) {
  const path = join(folder.path, name);
  mkdirSync(path);
  prepare(join(path, `${name}.so`));
  return spawnSync(binary, [], {
    encoding: 'utf8',
    timeout: 30_000,
    cwd: folder.path,
    env: {
      ...process.env,
      CARDEA_MODULES_PATHS: path,
      CARDEA_WEBSOCKET_PORT: '0',
      CARDEA_HTTP_PORT: '0',
      CARDEA_HTTP_ADMIN_PORT: '0',
      CARDEA_MEDIA_UDP_PORT: '0',
      CARDEA_MEDIA_TCP_PORT: '0',
      ...extra,
    },
  });
}

/** Compiles a module from C: descriptor fields by name, over ones that are right. */
function compile(path, { fields = '', code = '', symbol = 'cardea_module' } = {}) {
  const source = `${path}.c`;
  writeFileSync(
    source,
    `#include <cardea/abi.h>
     #include <unistd.h>
     static int instance;
     static void destroy(void* i) { (void)i; }
     static const void* none(void* i, const char* id) { (void)i; (void)id; return 0; }
     static void* create(const cardea_host_t* host, cardea_str_t config) { (void)host; (void)config; ${code} return &instance; }
     const cardea_module_info_t ${symbol} = {.size = sizeof(cardea_module_info_t), .abi_major = CARDEA_ABI_MAJOR,
       .version = 1, .kind = "service", .id = "example.broken", .name = "broken", .version_text = "1", .author = "t",
       .licence = "Apache-2.0", .description = "d", .create = create, .destroy = destroy, .get_interface = none, ${fields}};`,
  );
  execFileSync('cc', ['-shared', '-fPIC', '-Wno-override-init', '-I', join(repository, 'core/include'), source, '-o', path]);
}

const broken = [
  ['truncated', (path) => writeFileSync(path, readFileSync(good).subarray(0, 5000)), /truncated\.so: .*truncated/],
  ['halved', (path) => writeFileSync(path, readFileSync(good).subarray(0, readFileSync(good).length / 2)), /halved\.so: .*truncated/],
  ['empty', (path) => writeFileSync(path, ''), /empty\.so: /],
  ['text', (path) => writeFileSync(path, 'this is no shared object, and long enough to hold a header of one'.repeat(9)), /text\.so: not an ELF/],
  ['program', (path) => copyFileSync(process.execPath, path), /program\.so: /],
  ['nosymbol', (path) => compile(path, { symbol: 'other_symbol' }), /nosymbol\.so: .*cardea_module/],
  ['oldabi', (path) => compile(path, { fields: '.abi_major = 99' }), /oldabi\.so: .*99/],
  ['smallinfo', (path) => compile(path, { fields: '.size = 16' }), /smallinfo\.so: .*descriptor/],
  ['badkind', (path) => compile(path, { fields: '.kind = "nonsense"' }), /badkind\.so: .*nonsense/],
  ['noid', (path) => compile(path, { fields: '.id = 0' }), /noid\.so: .*id/],
  ['refuses', (path) => compile(path, { code: 'return 0;' }), /refuses\.so: /],
  ['hangs', (path) => compile(path, { code: 'for (;;) sleep(1);' }), /hangs: create\(\) did not return within 10 s/],
  ['needs', (path) => compile(path, { fields: '.requires_ids = (const char* const[]){"example.absent", 0}' }), /needs.*example\.absent/],
];

for (const [name, prepare, expected] of broken) {
  test(`a module that is ${name} stops the start with 2 and the reason`, () => {
    const result = start(name, prepare);
    assert.equal(result.signal, null, `died by ${result.signal}`);
    assert.equal(result.status, 2, result.stderr);
    assert.match(result.stderr, expected);
  });
}

test('modules that require each other stop the start with their names', () => {
  const path = join(folder.path, 'cycle');
  mkdirSync(path);
  const needs = (id) => `(const char* const[]){"${id}", 0}`;
  compile(join(path, 'one.so'), { fields: `.id = "example.one", .requires_ids = ${needs('example.two')}` });
  compile(join(path, 'two.so'), { fields: `.id = "example.two", .requires_ids = ${needs('example.one')}` });
  const result = spawnSync(binary, ['--check'], {
    encoding: 'utf8',
    timeout: 20_000,
    env: { ...process.env, CARDEA_MODULES_PATHS: path },
  });
  assert.equal(result.status, 2);
  assert.match(result.stderr, /one -> two -> one/);
});

test('an optional module that is broken is left out with a warning', () => {
  const path = join(folder.path, 'optional');
  mkdirSync(path);
  writeFileSync(join(path, 'optional.so'), 'nothing');
  const result = spawnSync(binary, ['--check'], {
    encoding: 'utf8',
    timeout: 20_000,
    env: { ...process.env, CARDEA_MODULES_PATHS: path, CARDEA_MODULES_OPTIONAL: 'optional' },
  });
  assert.equal(result.status, 0, result.stderr);
  assert.match(result.stderr, /optional\.so/);
});

test('an optional module that refuses to be made is left out, and the server runs without it', async () => {
  const path = join(folder.path, 'refusing');
  mkdirSync(path);
  compile(join(path, 'refusing.so'), { code: 'return 0;' });
  const server = await startServer({ env: { CARDEA_MODULES_PATHS: path, CARDEA_MODULES_OPTIONAL: 'refusing' } });
  try {
    assert.match(server.log(), /left out: .*refusing/);
    await assertHealthy(server);
  } finally {
    await server.stop();
  }
});
