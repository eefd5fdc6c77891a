import { table } from '../cli/output.ts';
import { type Bill, type BillItem, sumsBy } from './bill.ts';
import type { Measurements } from './measurements.ts';
import type { PriceTable } from './price-table.ts';
import type { UsageProfile } from './profile.ts';

export interface Report {
  readonly stage: string;
  readonly profile: UsageProfile;
  readonly prices: PriceTable;
  readonly measurements: Measurements;
  readonly freeTier: boolean;
  readonly bill: Bill;
}

const smallestShownUsd = 0.005;

/** The bill as text: what it is of, by service, by driver, the biggest lines, and what it does not know. */
export function reportText(report: Report): string {
  const { bill } = report;
  return [
    ...headLines(report),
    '',
    table(['service', 'USD a month'], sumRows(sumsBy(bill.items, 'service'))),
    '',
    table(['driven by', 'USD a month'], sumRows(sumsBy(bill.items, 'driver'))),
    '',
    table(['driven by', 'quantity', 'unit', 'USD a month'], biggest(bill.items)),
    '',
    `Total: ${usd(bill.usd)} a month`,
    '',
    ...caveats(report),
  ].join('\n');
}

function headLines({ stage, profile, prices, freeTier }: Report): string[] {
  const tier = freeTier ? 'less what is always free in an account' : 'without any free tier';
  return [
    `Stage ${stage}, profile ${profile.name}: ${profile.description}`,
    `List prices of ${prices.region} in US dollars, checked ${prices.checkedOn}, ${tier}.`,
  ];
}

const sumRows = (sums: readonly { name: string; usd: number }[]): [string, string][] =>
  sums.map(({ name, usd: sum }) => [name, usd(sum)]);

function biggest(items: readonly BillItem[]): string[][] {
  return [...items]
    .sort((one, other) => other.usd - one.usd)
    .filter((item) => item.usd >= smallestShownUsd)
    .slice(0, 12)
    .map((item) => [item.driver, quantity(item.quantity), item.unit, usd(item.usd)]);
}

function caveats({ bill, prices, measurements }: Report): string[] {
  const used = new Set(bill.items.map(({ price }) => price));
  const doubtful = Object.entries(prices.prices).filter(
    ([name, { basis }]) => used.has(name) && basis === 'assumed',
  );
  const lambdaUsd = bill.items
    .filter(({ price }) => price.startsWith('lambda.') && price !== 'lambda.request')
    .reduce((sum, item) => sum + item.usd, 0);
  return [
    `Requests, items, events and log bytes were counted on a laptop platform on ${measurements.measuredOn} (npm run cost:measure).`,
    `Durations of functions are that laptop's too: ${usd(lambdaUsd)} of the total will be another amount on Lambda.`,
    'Training hours and the seconds of an endpoint are what the profile says.',
    ...doubtful.map(([name, { note }]) => `The price ${name} is assumed: ${note}`),
    'Taxes, support, discounts, and what other stages of the account use of free tiers are not in it.',
  ];
}

/** Cents, and more digits where there are none. */
export function usd(amount: number): string {
  if (amount === 0) return '0.00';
  if (amount < 0.0001) return '<0.0001';
  return amount < 0.01 ? amount.toFixed(4) : amount.toFixed(2);
}

function quantity(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en-US');
  return value >= 1 ? value.toFixed(1) : value.toPrecision(2);
}

/** The bill for programs. */
export function reportJson({ stage, profile, prices, measurements, freeTier, bill }: Report) {
  return {
    stage,
    profile,
    region: prices.region,
    currency: 'USD',
    pricesCheckedOn: prices.checkedOn,
    measuredOn: measurements.measuredOn,
    freeTier,
    usdPerMonth: bill.usd,
    byService: sumsBy(bill.items, 'service'),
    byDriver: sumsBy(bill.items, 'driver'),
    items: bill.items,
  };
}
