// The whole differential suite of single requests: starts two pairs of servers, runs every table over
// both transports, and says of each request whether the answers are equal.
import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { startJanus } from '../../../support/janus.mjs';
import { startServer } from '../../../support/server.mjs';
import { deliberateCases } from '../deliberate_cases.mjs';
import { startBrowserPeers } from './browser_peers.mjs';
import { runLocked, runTable } from './run.mjs';
import { Stage } from './stage.mjs';

export const kGroups = ['core', 'admin', 'videoroom', 'echotest', 'textroom'];
export const kTransports = ['WebSocket', 'HTTP'];

const kCredentials = { apisecret: 'api' };

const offerText = (name) => readFile(new URL(`../fixtures/${name}.sdp`, import.meta.url), 'utf8');

async function cardea(env) {
  const server = await startServer({
    env: {
      CARDEA_LIMITS_ENABLED: 'no',
      CARDEA_LIMITS_HANDLES_PER_SESSION: '10000',
      CARDEA_ADMIN_SECRET: 'reference',
      ...env,
    },
  });
  return { ...server, apiUrl: `${server.httpUrl}/janus`, adminUrl: `${server.adminUrl}/admin` };
}

async function janus(options) {
  const server = await startJanus(options);
  return { ...server, apiUrl: server.httpUrl };
}

/** Each pair is Debian's janus and Cardea: one open, one that asks for secrets. */
async function startPairs() {
  const started = [];
  const keep = async (server) => started[started.push(await server) - 1];
  const stop = async () => {
    for (const server of started) {
      await server.stop();
    }
  };
  try {
    const open = [
      await keep(janus({ media: true, events: { sampleevh: { backend: 'http://127.0.0.1:9/' } } })),
      await keep(cardea({})),
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
    return { open, locked, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Runs all tables of one server of each pair over one transport. @returns answers by group, title, case. */
async function answersOf(open, locked, transport, common) {
  const stage = await Stage.open(open, { transport, ...common });
  const lockedStage = await Stage.open(locked, { transport, ...common, credentials: kCredentials });
  const answers = new Map();
  for (const group of common.groups) {
    const table = await import(`../requests/${group}.mjs`);
    const results = await runTable(stage, group, {
      ...table, requests: table.requests.filter(({ on }) => on !== 'locked'),
    });
    await runLocked(lockedStage, group, table, results);
    answers.set(group, results);
  }
  await stage.close();
  await lockedStage.close();
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
          answersOf(pairs.open[index], pairs.locked[index], transport, { peers, offers, groups }),
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
    await pairs.stop();
  }
}
