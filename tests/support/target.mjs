// The server that browser tests run against: Cardea, or Debian's janus with CARDEA_TEST_TARGET=janus (needs root).
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { startJanus } from './janus.mjs';
import { repository, startServer } from './server.mjs';
import { serveStatic } from './static_server.mjs';

// A client whose WebSocket broke finds its session, and with it its media, still there for this long.
const reclaimSeconds = 20;

const adminSecret = 'reference';

/**
 * @param {{within?: object, tokenSecret?: string}} options a network namespace (netns.mjs) for Cardea; janus has one anyway;
 *   `tokenSecret`: signs the tokens that every request needs.
 * @returns as `startServer`, plus `pageUrl`, where the web app is served, `apiUrl` (the Janus API over HTTP),
 *   `adminApiUrl` and `adminSecret`.
 */
export async function startTarget({ within, tokenSecret } = {}) {
  if (process.env.CARDEA_TEST_TARGET !== 'janus') {
    const server = await startServer({
      within,
      env: {
        CARDEA_JANUS_RECLAIM_TIMEOUT: String(reclaimSeconds),
        CARDEA_ADMIN_SECRET: adminSecret,
        ...(tokenSecret && { CARDEA_API_TOKEN_AUTH_SECRET: tokenSecret }),
        // An address that is not loopback closes rooms to strangers otherwise.
        ...(within && { CARDEA_JANUS_OPEN: 'yes' }),
      },
    });
    const { httpUrl, adminUrl } = server;
    const api = { apiUrl: `${httpUrl}/janus`, adminApiUrl: `${adminUrl}/admin`, adminSecret };
    return { ...server, ...api, pageUrl: httpUrl };
  }
  const dist = join(repository, 'web/app/dist');
  if (!existsSync(dist)) {
    throw new Error('no web/app/dist; run `npm run build -w web/app` first');
  }
  const janus = await startJanus({
    media: true,
    reclaimSeconds,
    general: tokenSecret ? { token_auth: true, token_auth_secret: tokenSecret } : {},
  });
  const pages = await serveStatic(dist, {
    '/cardea.json': JSON.stringify({ websocket_url: janus.websocketUrl }),
  });
  return {
    ...janus,
    apiUrl: janus.httpUrl,
    adminApiUrl: janus.adminUrl,
    pageUrl: pages.url,
    async stop() {
      await pages.stop();
      await janus.stop();
    },
  };
}
