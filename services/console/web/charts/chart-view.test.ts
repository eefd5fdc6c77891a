import { expect, it } from 'vitest';
import { readChartView, withChartView } from './chart-view.ts';

it('what was put into an address is read out of it, and other things in it stay', () => {
  const view = { xKind: 'relative', isLog: true, smoothing: 0.6 } as const;
  const text = withChartView('path=a%2Fb', view);
  expect(readChartView(text)).toEqual(view);
  expect(new URLSearchParams(text).get('path')).toBe('a/b');
});

it('what is as usual leaves no trace', () => {
  const usual = { xKind: 'step', isLog: false, smoothing: 0 } as const;
  expect(withChartView('x=wall&y=log&smooth=0.5', usual)).toBe('');
});

it.each(['smooth=1', 'smooth=-2', 'smooth=much', 'x=moon'])(
  'nonsense such as %s is as if it were not there',
  (text) => {
    expect(readChartView(text)).toEqual({ xKind: 'step', isLog: false, smoothing: 0 });
  },
);
