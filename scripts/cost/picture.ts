import { type Bill, sumsBy, total } from './bill.ts';
import { usd } from './report.ts';

/** A bar of the picture. */
export interface PicturedBill {
  readonly name: string;
  readonly bill: Bill;
}

const width = 860;
const nameWidth = 150;
const barHeight = 34;
const rowHeight = 58;
const legendRowHeight = 22;
const legendColumns = 4;
const maxServices = 7;
const other = 'Other';
/** Told apart in light and dark, and by readers who do not see red and green apart (Okabe and Ito). */
const colours = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#b5a900', '#8a94a0'];

/** Where the money goes: a bar for each bill, divided by service, as an SVG document that suits light and dark pages. */
export function picture(title: string, bills: readonly PicturedBill[]): string {
  const services = biggestServices(bills);
  const legendTop = bills.length * rowHeight + 24;
  const height = legendTop + Math.ceil((services.length + 1) / legendColumns) * legendRowHeight + 8;
  const description = bills.map(({ name, bill }) => `${name}: ${usd(bill.usd)} dollars a month`).join('; ');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title desc" font-family="system-ui, sans-serif" font-size="13">`,
    `<title id="title">${title}</title>`,
    `<desc id="desc">${description}</desc>`,
    '<style>text { fill: #1f2933 } .n { font-weight: 600 } @media (prefers-color-scheme: dark) { text { fill: #e4e7eb } }</style>',
    ...bills.flatMap((bill, row) => barOf(bill, services, 12 + row * rowHeight)),
    ...[...services, other].flatMap((service, index) => legendOf(service, index, legendTop)),
    '</svg>',
    '',
  ].join('\n');
}

/** By their greatest share of any bill: what matters to a small one matters as much as what matters to a big one. */
function biggestServices(bills: readonly PicturedBill[]): string[] {
  const shares = new Map<string, number>();
  for (const { bill } of bills) {
    for (const { name, usd: sum } of sumsBy(bill.items, 'service')) {
      shares.set(name, Math.max(shares.get(name) ?? 0, sum / bill.usd));
    }
  }
  return [...shares]
    .sort(([, one], [, more]) => more - one)
    .slice(0, maxServices)
    .map(([name]) => name);
}

function barOf({ name, bill }: PicturedBill, services: readonly string[], top: number): string[] {
  const sums = sumsBy(bill.items, 'service');
  const of = (service: string) => sums.find((sum) => sum.name === service)?.usd ?? 0;
  const named = services.map(of);
  const parts = [...named, bill.usd - total(named.map((sum) => ({ usd: sum })))];
  let left = nameWidth;
  const rects = parts.map((sum, index) => {
    const partWidth = ((width - nameWidth) * Math.max(0, sum)) / bill.usd;
    const rect = `<rect x="${left.toFixed(1)}" y="${top}" width="${partWidth.toFixed(1)}" height="${barHeight}" fill="${colourOf(index)}"/>`;
    left += partWidth;
    return rect;
  });
  return [
    `<text x="0" y="${top + 15}" class="n">${name}</text>`,
    `<text x="0" y="${top + 32}">$${usd(bill.usd)} a month</text>`,
    ...rects,
  ];
}

function legendOf(service: string, index: number, top: number): string[] {
  const x = (index % legendColumns) * (width / legendColumns);
  const y = top + Math.floor(index / legendColumns) * legendRowHeight;
  return [
    `<rect x="${x}" y="${y}" width="12" height="12" fill="${colourOf(index)}"/>`,
    `<text x="${x + 18}" y="${y + 11}">${service}</text>`,
  ];
}

const colourOf = (index: number): string => colours[Math.min(index, colours.length - 1)] ?? '';
