// Writes the table of docs/janus-compatibility.md from a run of the suite: node tests/compat/contract/table.mjs
import { readFile, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { deliberate } from './deliberate.mjs';
import { kGroups, kTransports, runSuite } from './support/suite.mjs';

export const page = new URL('../../../docs/janus-compatibility.md', import.meta.url);

const kMarks = ['<!-- The suite writes from here -->', '<!-- to here -->'];
const kNames = {
  core: 'Janus API', admin: 'Admin API', videoroom: 'VideoRoom', echotest: 'EchoTest', textroom: 'TextRoom',
};

function verdictText({ cases, different, surprises, missing }) {
  if (missing) {
    return 'missing';
  }
  const apart = different.length + surprises.length;
  return apart === 0 ? 'equal' : `${cases - apart} equal, ${apart} different`;
}

function lineOf({ title, verdicts }) {
  const each = kTransports.map((transport) => verdicts[transport]);
  const rules = new Set(each.flatMap(({ rules: needed }) => [...needed]));
  const why = [...rules].map((rule) => rule.why).join('; ');
  return `| ${[title, each[0].cases, ...each.map(verdictText), why].join(' | ')} |`;
}

/** @returns the table as Markdown. */
export function tableOf(rows) {
  const parts = kGroups.map((group) => {
    const mine = rows.filter((row) => row.group === group);
    const head = ['Request', 'Cases', ...kTransports, 'Different on purpose'];
    return [
      `### ${kNames[group]}`, '', `| ${head.join(' | ')} |`, `|${head.map(() => '---').join('|')}|`,
      ...mine.map(lineOf), '',
    ].join('\n');
  });
  return `${parts.join('\n')}\n${conversations()}`;
}

/** The steps of whole conversations that differ; contract.test.mjs fails when another one does. */
function conversations() {
  const lines = Object.entries(deliberate).flatMap(([conversation, steps]) =>
    Object.entries(steps).map(([step, why]) => `| ${conversation} | ${step} | ${why} |`),
  );
  return [
    '### Whole conversations', '', 'All steps are equal but for these.', '',
    '| Conversation | Step | Different on purpose |', '|---|---|---|', ...lines, '',
  ].join('\n');
}

/** The page with another table in it. */
export function pageWith(text, table) {
  const [from, to] = kMarks.map((mark) => text.indexOf(mark));
  return `${text.slice(0, from + kMarks[0].length)}\n\n${table}\n${text.slice(to)}`;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const rows = await runSuite();
  const text = await readFile(page, 'utf8');
  await writeFile(page, pageWith(text, tableOf(rows)));
  const surprises = rows.flatMap(({ verdicts }) => Object.values(verdicts).flatMap((v) => v.surprises));
  process.stdout.write(`${surprises.join('\n')}\n${rows.length} requests, ${surprises.length} surprises\n`);
}
