// The differential test of single requests: Debian's janus and Cardea answer each case of the tables in
// requests/ with the same structure, but for what deliberate_cases.mjs lists. Needs root, as contract.test.mjs.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { before, describe, it } from 'node:test';

import { deliberateCases } from './deliberate_cases.mjs';
import { kGroups, runSuite } from './support/suite.mjs';
import { page, pageWith, tableOf } from './table.mjs';

describe('the requests of the Janus contract', { timeout: 240_000 }, () => {
  let rows;

  before(async () => {
    rows = await runSuite();
  });

  const verdictsOf = (kept) => kept.flatMap(({ verdicts }) => Object.values(verdicts));

  for (const group of kGroups) {
    it(`are answered as by Debian's janus: ${group}`, () => {
      const verdicts = verdictsOf(rows.filter((row) => row.group === group));
      const surprises = verdicts.flatMap((verdict) => verdict.surprises);
      assert.deepEqual(surprises, [], `${surprises.length} differences that nobody meant`);
    });
  }

  it('differ wherever they are listed as different', () => {
    const needed = new Set(verdictsOf(rows).flatMap(({ rules }) => [...rules]));
    const stale = deliberateCases.filter((rule) => !needed.has(rule));
    assert.deepEqual(stale, []);
  });

  it('are in docs/janus-compatibility.md as they are', async () => {
    const text = await readFile(page, 'utf8');
    assert.equal(pageWith(text, tableOf(rows)), text, 'run node tests/compat/contract/table.mjs');
  });
});
