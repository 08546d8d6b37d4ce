// A static file server on loopback for tests: folders mounted under prefixes, and single answers made by the test.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/**
 * @param {string} root folder that is served at `/`; links in it are followed.
 * @param {Record<string, string>} overrides path to text that is answered instead of a file.
 * @returns {Promise<{url: string, missing: string[], stop: () => Promise<void>}>} `missing`: paths answered by 404.
 */
export async function serveStatic(root, overrides = {}) {
  const missing = [];
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
    const name = path.endsWith('/') ? `${path}index.html` : path;
    response.setHeader('Content-Type', types[extname(name)] ?? 'application/octet-stream');
    if (Object.hasOwn(overrides, path)) {
      response.end(overrides[path]);
      return;
    }
    try {
      response.end(await readFile(join(root, normalize(join('/', name)))));
    } catch {
      missing.push(path);
      response.statusCode = 404;
      response.end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://localhost:${server.address().port}`,
    missing,
    stop: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}
