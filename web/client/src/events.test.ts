import { expect, it, vi } from 'vitest';
import { Emitter } from './events';

class Bell extends Emitter<{ ring: [times: number] }> {
  ring(times: number): void {
    this.emit('ring', times);
  }
}

it('calls listeners until they are removed', () => {
  const bell = new Bell();
  const [always, once, removed] = [vi.fn(), vi.fn(), vi.fn()];
  bell.on('ring', always);
  bell.once('ring', once);
  bell.on('ring', removed)();
  bell.ring(1);
  bell.ring(2);
  expect(always.mock.calls).toEqual([[1], [2]]);
  expect(once.mock.calls).toEqual([[1]]);
  expect(removed).not.toHaveBeenCalled();
});

it('a listener that throws does not stop the others, and its error is thrown outside', () => {
  const outside: (() => void)[] = [];
  vi.stubGlobal('queueMicrotask', (task: () => void) => outside.push(task));
  const bell = new Bell();
  const second = vi.fn();
  bell.on('ring', () => {
    throw new Error('broken');
  });
  bell.on('ring', second);
  bell.ring(1);
  vi.unstubAllGlobals();
  expect(second).toHaveBeenCalledOnce();
  expect(outside).toHaveLength(1);
  expect(outside[0]).toThrow('broken');
});
