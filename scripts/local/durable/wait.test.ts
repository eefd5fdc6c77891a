import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { callAt, waitUntil } from './wait.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const DAY_MS = 86_400_000;

describe('callAt', () => {
  it('waits longer than a timer of the platform can', () => {
    const callback = vi.fn();
    callAt(Date.now() + 60 * DAY_MS, Date.now, callback);
    vi.advanceTimersByTime(60 * DAY_MS - 1);
    expect(callback).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(callback).toHaveBeenCalledOnce();
  });

  it('does not call after it was cancelled', () => {
    const callback = vi.fn();
    callAt(Date.now() + 10, Date.now, callback)();
    vi.advanceTimersByTime(100);
    expect(callback).not.toHaveBeenCalled();
  });
});

describe('waitUntil', () => {
  it('resolves at the time', async () => {
    const waited = waitUntil(Date.now() + 5, Date.now, new AbortController().signal);
    vi.advanceTimersByTime(5);
    await expect(waited).resolves.toBeUndefined();
  });

  it('rejects with the reason of the abort and leaves no timer', async () => {
    const controller = new AbortController();
    const waited = waitUntil(Date.now() + DAY_MS, Date.now, controller.signal);
    controller.abort(new Error('stopped'));
    await expect(waited).rejects.toThrow('stopped');
    expect(vi.getTimerCount()).toBe(0);
  });
});
