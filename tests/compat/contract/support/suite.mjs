// The whole differential suite of single requests: starts two pairs of servers, runs every table over
// both transports, and says of each request whether the answers are equal.
import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { startJanus } from '../../../support/janus.mjs';
import { startServer } from '../../../support/server.mjs';
import { startStun } from '../../../support/stun_server.mjs';
import { deliberateCases } from '../deliberate_cases.mjs';
import { startBrowserPeers } from './browser_peers.mjs';
import { sign, tokenSecret } from '../requests/signed.mjs';
import { runLocked, runSigned, runTable } from './run.mjs';
import { Stage } from './stage.mjs';

export const kGroups = ['core', 'admin', 'videoroom', 'echotest', 'textroom'];
export const kTransports = ['WebSocket', 'HTTP'];

// The sessions of a stage wait while the cases of another one run.
const kSessionSeconds = 600;
const kCredentials = { apisecret: 'api' };
const kPlugins = ['echotest', 'textroom', 'videoroom'].map((name) => `janus.plugin.${name}`);

const offerText = (name) => readFile(new URL(`../fixtures/${name}.sdp`, import.meta.url), 'utf8');

async function cardea(env) {
  const server = await startServer({
    env: {
      CARDEA_LIMITS_ENABLED: 'no',
      CARDEA_LIMITS_HANDLES_PER_SESSION: '10000',
      CARDEA_ADMIN_SECRET: 'reference',
      CARDEA_JANUS_SESSION_TIMEOUT: String(kSessionSeconds),
      ...env,
    },
  });
  return { ...server, apiUrl: `${server.httpUrl}/janus`, adminUrl: `${server.adminUrl}/admin` };
}

async function janus(options) {
  const general = { session_timeout: kSessionSeconds, ...options.general };
  const server = await startJanus({ ...options, general });
  return { ...server, apiUrl: server.httpUrl };
}

/** Each pair is Debian's janus and Cardea: one open, one that asks for secrets, one for signed tokens. */
async function startPairs() {
  const started = [];
  const keep = async (server) => started[started.push(await server) - 1];
  const stop = async () => {
    for (const server of started) {
      await server.stop();
    }
  };
  try {
    const backend = 'http://127.0.0.1:9/';
    const open = [
      await keep(
        janus({
          media: true,
          general: { debug_timestamps: true, debug_colors: false },
          events: { sampleevh: { backend } },
        }),
      ),
      await keep(
        cardea({ CARDEA_EVENTS_WEBHOOK_ENABLED: 'yes', CARDEA_EVENTS_WEBHOOK_BACKEND: backend }),
      ),
    ];
    const locked = [
      await keep(
        janus({
          general: { api_secret: 'api', token_auth: true },
          plugins: { admin_key: 'key', lock_rtp_forward: true },
        }),
      ),
      await keep(
        cardea({
          CARDEA_API_SECRET: 'api',
          CARDEA_API_TOKEN_AUTH: 'yes',
          CARDEA_GENERAL_ADMIN_KEY: 'key',
          CARDEA_GENERAL_LOCK_RTP_FORWARD: 'yes',
        }),
      ),
    ];
    const signed = [
      await keep(
        janus({
          general: { token_auth: true, token_auth_secret: tokenSecret }, plugins: { string_ids: true },
        }),
      ),
      await keep(
        cardea({ CARDEA_API_TOKEN_AUTH_SECRET: tokenSecret, CARDEA_GENERAL_STRING_IDS: 'yes' }),
      ),
    ];
    return { servers: [0, 1].map((one) => [open[one], locked[one], signed[one]]), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Runs all tables of one server of each pair over one transport. @returns answers by group, title, case. */
async function answersOf([open, locked, signed], transport, common) {
  const stage = await Stage.open(open, { transport, ...common });
  const lockedStage = await Stage.open(locked, { transport, ...common, credentials: kCredentials });
  const signedStage = await Stage.open(signed, {
    transport, ...common, credentials: { token: sign('janus', kPlugins) }, textIds: true,
  });
  const answers = new Map();
  for (const group of common.groups) {
    const table = await import(`../requests/${group}.mjs`);
    const results = await runTable(stage, group, {
      ...table, requests: table.requests.filter(({ on }) => on !== 'locked'),
    });
    await runLocked(lockedStage, group, table, results);
    await runSigned(signedStage, group, table, results);
    answers.set(group, results);
  }
  await stage.close();
  await lockedStage.close();
  await signedStage.close();
  return answers;
}

function ruleFor(transport, group, title, label) {
  const fits = (pattern, value) =>
    pattern === undefined || (pattern instanceof RegExp ? pattern.test(value) : pattern === value);
  return deliberateCases.find(
    (rule) =>
      fits(rule.transport, transport) && fits(rule.group, group) && fits(rule.request, title) &&
      fits(rule.case, label),
  );
}

/** Compares one request's answers. @returns counts, the rules that were needed, and what nobody meant. */
function compareRequest(transport, group, title, theirs, ours) {
  const verdict = { cases: theirs.size, different: [], rules: new Set(), surprises: [] };
  for (const [label, expected] of theirs) {
    const actual = ours?.get(label);
    if (isDeepStrictEqual(expected, actual)) {
      continue;
    }
    const rule = ruleFor(transport, group, title, label);
    if (rule) {
      verdict.different.push(label);
      verdict.rules.add(rule);
    } else {
      const pair = `\n  janus  ${JSON.stringify(expected)}\n  cardea ${JSON.stringify(actual)}`;
      verdict.surprises.push(`${transport}, ${group} ${title}, ${label}:${pair}`);
    }
  }
  verdict.missing = verdict.surprises.some((text) => text.includes(', success:'));
  return verdict;
}

/**
 * @returns {Promise<{group: string, title: string, verdicts: Record<string, object>}[]>} one entry for each request,
 *   with a verdict for each transport.
 */
export async function runSuite({ groups = kGroups, transports = kTransports } = {}) {
  const pairs = await startPairs();
  const stun = await startStun();
  let peers;
  try {
    peers = await startBrowserPeers();
    const offers = {
      publish: await offerText('publish-audio-video'), echo: await offerText('echo-audio-video-data'),
    };
    // Both servers and both transports at once: rooms and sessions do not meet.
    const answers = await Promise.all(
      transports.flatMap((transport) =>
        [0, 1].map((index) =>
          answersOf(pairs.servers[index], transport, {
            peers, offers, groups, stunPort: stun.address().port,
          }),
        ),
      ),
    );
    return groups.flatMap((group) =>
      [...answers[0].get(group).keys()].map((title) => {
        const verdicts = transports.map((transport, index) => {
          const [theirs, ours] = answers.slice(2 * index).map((all) => all.get(group).get(title));
          return [transport, compareRequest(transport, group, title, theirs, ours)];
        });
        return { group, title, verdicts: Object.fromEntries(verdicts) };
      }),
    );
  } finally {
    await peers?.close();
    stun.close();
    await pairs.stop();
  }
}
