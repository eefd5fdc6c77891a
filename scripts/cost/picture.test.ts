import { describe, expect, it } from 'vitest';
import type { BillItem } from './bill.ts';
import { picture } from './picture.ts';

const item = (service: string, usd: number): BillItem => ({
  service,
  usd,
  driver: 'Predictions',
  price: 'x',
  quantity: 1,
  unit: 'units',
  kind: 'use',
});
const billOf = (...items: BillItem[]) => ({ items, usd: items.reduce((sum, { usd }) => sum + usd, 0) });

describe('the picture of where money goes', () => {
  const svg = picture('Where it goes', [
    { name: 'small', bill: billOf(item('A', 3), item('B', 1)) },
    { name: 'large', bill: billOf(item('A', 100), item('C', 300)) },
  ]);
  const bars = [...svg.matchAll(/<rect x="([\d.]+)" y="(\d+)" width="([\d.]+)" height="34"/g)].map(
    ([, left, top, width]) => ({ left: Number(left), top: Number(top), width: Number(width) }),
  );

  it('names each bill with its amount, and each service', () => {
    for (const text of ['small', '$4.00 a month', 'large', '$400.00 a month', '>A<', '>B<', '>C<']) {
      expect(svg).toContain(text);
    }
  });

  it('divides each bar by the shares of the services, and fills it', () => {
    const first = bars.filter(({ top }) => top === 12).map(({ width }) => width);
    expect(Math.max(...first)).toBeCloseTo(710 * 0.75, 0);
    expect(first.reduce((sum, width) => sum + width, 0)).toBeCloseTo(710, 0);
  });

  it('tells what it shows to who does not see it, and suits dark pages', () => {
    expect(svg).toContain('small: 4.00 dollars a month; large: 400.00 dollars a month');
    expect(svg).toContain('prefers-color-scheme: dark');
  });
});
