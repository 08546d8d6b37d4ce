import { afterEach, expect, it, vi } from 'vitest';
import { ErrorReason } from '../errors';
import { openMedia } from './devices';

afterEach(() => vi.unstubAllGlobals());

const failure = (name: string): Error => Object.assign(new Error(name), { name });

function withDevices(
  getUserMedia: (constraints: MediaStreamConstraints) => Promise<unknown>,
): void {
  vi.stubGlobal('navigator', { mediaDevices: { getUserMedia } });
}

it('a page without access says so', async () => {
  vi.stubGlobal('navigator', {});
  await expect(openMedia()).rejects.toMatchObject({ reason: ErrorReason.InsecurePage });
});

it('a refusal is not asked twice', async () => {
  const ask = vi.fn(async () => Promise.reject(failure('NotAllowedError')));
  withDevices(ask);
  await expect(openMedia()).rejects.toMatchObject({ reason: ErrorReason.PermissionDenied });
  expect(ask).toHaveBeenCalledOnce();
});

it('without a camera the microphone alone is opened, and the other way round', async () => {
  withDevices(async ({ video }) =>
    video ? Promise.reject(failure('NotFoundError')) : 'microphone',
  );
  await expect(openMedia()).resolves.toBe('microphone');
  withDevices(async ({ audio }) =>
    audio ? Promise.reject(failure('NotReadableError')) : 'camera',
  );
  await expect(openMedia()).resolves.toBe('camera');
});

it('with nothing at all the first reason is told', async () => {
  withDevices(async () => Promise.reject(failure('NotFoundError')));
  await expect(openMedia()).rejects.toMatchObject({ reason: ErrorReason.DeviceMissing });
});
