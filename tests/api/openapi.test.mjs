// The OpenAPI document of a server with all its modules: valid for others' tools, whole, and true.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import openapiTypescript, { astToString } from 'openapi-typescript';
import { temporaryFolder } from '../support/process.mjs';
import { repository, startServer } from '../support/server.mjs';

let server;
let document;

before(async () => {
  server = await startServer({ env: { CARDEA_LIMITS_ENABLED: 'no' } });
  document = await (await fetch(`${server.httpUrl}/api/v1/openapi.json`)).json();
});
after(() => server.stop());

const operations = () =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
  );

test('a public validator finds nothing wrong', async () => {
  const result = await new Validator().validate(document);
  assert.ok(result.valid, JSON.stringify(result.errors, null, 1));
});

test('every operation says who may call it, what it takes and what comes back', () => {
  const ids = operations().map(({ operation }) => operation.operationId);
  assert.equal(new Set(ids).size, ids.length);
  for (const { path, operation } of operations()) {
    assert.match(operation.operationId, /^[a-z0-9]+(\.[a-z0-9_]+)+$/);
    assert.ok(operation.summary.length > 5, operation.operationId);
    const [status] = Object.keys(operation.responses);
    const nothing = ['101', '202', '204', '302'].includes(status);
    assert.ok(
      nothing || operation.responses[status].content,
      `${operation.operationId} has no result`,
    );
    const placed = operation.parameters
      .filter((each) => each.in === 'path')
      .map((each) => `{${each.name}}`);
    assert.deepEqual(placed.sort(), (path.match(/\{\w+\}/g) ?? []).sort(), operation.operationId);
  }
});

test('every route of the document exists, and refuses who may not call it', async () => {
  for (const { path, method, operation } of operations().filter(
    (each) => each.operation.security.length > 0,
  )) {
    const answer = await fetch(`${server.httpUrl}/api/v1${path.replaceAll(/\{\w+\}/g, '1')}`, {
      method: method.toUpperCase(),
    });
    assert.equal(answer.status, 401, operation.operationId);
    assert.equal((await answer.json()).code, 'unauthorized');
  }
});

test('every route is called by a test', async () => {
  const names = await readdir(join(repository, 'tests'), { recursive: true });
  // Those that read the document itself say nothing.
  const files = names.filter((name) => name.endsWith('.mjs') && !/fuzz_rest|openapi\.test/.test(name));
  const texts = await Promise.all(files.map((name) => readFile(join(repository, 'tests', name), 'utf8')));
  const all = texts.join('\n');
  const called = (path) => {
    const value = '[^/\'"`\\s]+';
    return new RegExp(path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, value) + '(?=[\'"`?]|\\$\\{)').test(all);
  };
  assert.deepEqual(Object.keys(document.paths).filter((path) => !called(path)), []);
});

test('types that are made from it compile', async () => {
  const folder = await temporaryFolder('types');
  try {
    const types = astToString(await openapiTypescript(document));
    await writeFile(join(folder.path, 'api.ts'), types);
    await writeFile(
      join(folder.path, 'use.ts'),
      `import type { paths } from './api';
       type Ping = paths['/ping']['get']['responses'][200]['content']['application/json'];
       export const later = (ping: Ping): number => ping.t + 1;`,
    );
    const project = join(folder.path, 'tsconfig.json');
    const compilerOptions = {
      strict: true,
      noEmit: true,
      types: [],
      target: 'es2021',
      skipLibCheck: false,
    };
    await writeFile(project, JSON.stringify({ compilerOptions, files: ['use.ts'] }));
    const tsc = join(repository, 'node_modules', 'typescript', 'bin', 'tsc');
    const said = execFileSync(process.execPath, [tsc, '-p', project], { encoding: 'utf8' });
    assert.equal(said, '');
  } finally {
    await folder.remove();
  }
});
