import { expect, it } from 'vitest';
import { compareViewText, readCompareView } from './compare-view.ts';

it('the address of a comparison says all of how it is looked at', () => {
  const view = {
    runIds: ['a', 'b'],
    curves: ['val/loss', 'grad norm'],
    chart: { xKind: 'wall', isLog: true, smoothing: 0.8 },
    axes: [{ family: 'params', key: 'lr' }],
    scatterX: { family: 'params', key: 'lr' },
    scatterY: { family: 'metrics', key: 'val/loss' },
    differencesOnly: false,
  } as const;
  expect(readCompareView(compareViewText(view))).toEqual(view);
});

it('names each run once, and only the runs when all is as usual', () => {
  const view = readCompareView('runs=a,b,a');
  expect(view).toMatchObject({ runIds: ['a', 'b'], differencesOnly: true });
  expect([view.curves, view.axes]).toEqual([undefined, undefined]);
  expect(compareViewText(view)).toBe('runs=a%2Cb');
});

it('of nothing compares nothing', () => {
  expect(readCompareView('').runIds).toEqual([]);
});
