// A plugin of somebody else: built outside the tree with find_package(Cardea) against an installed prefix, loaded, answering.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { JanusClient } from '../support/janus_client.mjs';
import { temporaryFolder } from '../support/process.mjs';
import { buildFolder, repository, startServer } from '../support/server.mjs';

let folder;

before(async () => {
  folder = await temporaryFolder('third-party');
});
after(() => folder.remove());

const run = (command, ...args) => execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** What a distribution's development package would hold: headers and the package file. */
function installHeaders(prefix) {
  cpSync(join(repository, 'core/include/cardea'), join(prefix, 'include/cardea'), { recursive: true });
  mkdirSync(join(prefix, 'lib/cmake/Cardea'), { recursive: true });
  for (const name of ['CardeaConfig.cmake', 'CardeaConfigVersion.cmake']) {
    cpSync(join(buildFolder(), name), join(prefix, 'lib/cmake/Cardea', name));
  }
  cpSync(join(repository, 'cmake/module.map'), join(prefix, 'lib/cmake/Cardea/module.map'));
}

test('the hello plugin is under 50 lines, builds outside the tree, is loaded and answers', async () => {
  const source = join(folder.path, 'plugin-hello');
  cpSync(join(repository, 'examples/plugin-hello'), source, { recursive: true });
  const lines = ['hello.cpp', 'CMakeLists.txt'].map((name) => readFileSync(join(source, name), 'utf8').split('\n').length - 1);
  assert.ok(lines[0] + lines[1] < 50, `${lines} lines`);

  const prefix = join(folder.path, 'prefix');
  installHeaders(prefix);
  const build = join(folder.path, 'build');
  run('cmake', '-S', source, '-B', build, `-DCMAKE_PREFIX_PATH=${prefix}`, '-DCMAKE_BUILD_TYPE=Release');
  run('cmake', '--build', build);

  const server = await startServer({ env: { CARDEA_MODULES_PATHS: build } });
  try {
    const client = await JanusClient.connect(server.websocketUrl);
    const info = await client.request({ janus: 'info' });
    const id = Object.keys(info.plugins).find((name) => name.includes('hello'));
    assert.ok(id, JSON.stringify(Object.keys(info.plugins)));
    const session = await client.createSession();
    const handle = await client.attach(session, id);
    const answer = await client.message(session, handle, { request: 'greet', name: 'Ada' });
    assert.equal(answer.plugindata.plugin, id);
    assert.match(JSON.stringify(answer.plugindata.data), /Ada/);
    await client.close();
  } finally {
    await server.stop();
  }
});
