// What a server says of itself: its metrics, its memory and CPU time, and whether it is well.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { sleep } from './process.mjs';

const ticksPerSecond = 100; // USER_HZ of every Linux that Debian builds

/** All series of `/metrics`, as a map from `name{label="value"}` to number. */
export async function readMetrics(server) {
  const answer = await fetch(`${server.adminUrl}/metrics`);
  assert.equal(answer.status, 200);
  const lines = (await answer.text()).split('\n').filter((line) => line && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const space = line.lastIndexOf(' ');
      return [line.slice(0, space), Number(line.slice(space + 1))];
    }),
  );
}

export async function metric(server, series) {
  return (await readMetrics(server)).get(series) ?? 0;
}

/** Waits until a series has a value that `fits`; fails with the last value. */
export async function waitForMetric(server, series, fits, timeoutMs = 5000) {
  let value;
  for (const end = Date.now() + timeoutMs; Date.now() < end; await sleep(50)) {
    value = await metric(server, series);
    if (fits(value)) {
      return value;
    }
  }
  throw new Error(`${series} stays at ${value}`);
}

/**
 * Remembers all counters now. `risen(series, by)` waits until one is at least `by` higher (media counters are published
 * once a second) and gives the difference; `diff(series)` gives the difference at once.
 */
export async function counterWatch(server) {
  const before = await readMetrics(server);
  const start = (series) => before.get(series) ?? 0;
  return {
    diff: async (series) => (await metric(server, series)) - start(series),
    async risen(series, by = 1, timeoutMs = 5000) {
      const least = start(series) + by;
      return (await waitForMetric(server, series, (value) => value >= least, timeoutMs)) - start(series);
    },
  };
}

/** CPU time of a process in ms so far. */
export function cpuMs(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond;
}

function statusBytes(pid, field) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(status.match(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm'))[1]) * 1024;
}

/** Resident memory of a process in bytes now. */
export const residentBytes = (pid) => statusBytes(pid, 'VmRSS');

/** Starts to watch the most memory that a process has resident. @returns a function that gives its growth in bytes. */
export function peakGrowth(pid) {
  writeFileSync(`/proc/${pid}/clear_refs`, '5'); // proc(5): the peak starts anew
  const before = residentBytes(pid);
  return () => statusBytes(pid, 'VmHWM') - before;
}

/** Whether the process runs with AddressSanitizer, which holds freed memory back and is slower. */
export function isSanitized(pid) {
  return readFileSync(`/proc/${pid}/exe`).includes('__asan_init');
}

/** Fails unless the server answers on its ports and has written no fault report. */
export async function assertHealthy(server) {
  for (const url of [server.adminUrl, server.httpUrl]) {
    const answer = await fetch(`${url}/healthz`);
    assert.equal(answer.status, 200, url);
    await answer.arrayBuffer();
  }
  const pong = await fetch(`${server.httpUrl}/janus`, {
    method: 'POST',
    body: JSON.stringify({ janus: 'ping', transaction: 'healthy' }),
  });
  assert.deepEqual(await pong.json(), { janus: 'pong', transaction: 'healthy' });
  assert.doesNotMatch(server.log(), /AddressSanitizer|runtime error:|LeakSanitizer/);
}
