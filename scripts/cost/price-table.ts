import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';

const folder = path.join(import.meta.dirname, 'data/prices');

const price = z.strictObject({
  service: z.string(),
  /** US dollars for `per` units, list price, first tier. */
  usd: z.number().nonnegative(),
  per: z.number().positive(),
  unit: z.string(),
  /** Name of the meter on a bill and in AWS's price list. */
  usageType: z.string().optional(),
  /** Units that are always free in an account, each month. */
  freePerMonth: z.number().positive().optional(),
  /** `price list`: as AWS's price list has it; `secondary`: as others quote AWS's page; `assumed`: `note` says why. */
  basis: z.enum(['price list', 'secondary', 'assumed']),
  /** Month of the newest statement that was read. */
  asOf: z.string().regex(/^\d{4}-\d{2}$/),
  source: z.url(),
  note: z.string().optional(),
});

const table = z
  .strictObject({
    region: z.string(),
    checkedOn: z.iso.date(),
    prices: z.record(z.string(), price),
  })
  .superRefine(({ prices }, report) => {
    for (const [name, { basis, note }] of Object.entries(prices)) {
      if (basis === 'assumed' && note === undefined)
        report.addIssue({ code: 'custom', path: ['prices', name], message: 'needs a note that says why' });
    }
  });

export type PriceTable = z.infer<typeof table>;
export type Price = z.infer<typeof price>;

/** Reads the list prices of a region. Throws where there are none, naming the regions that there are. */
export function readPriceTable(region: string): PriceTable {
  const file = path.join(folder, `${region}.json`);
  if (!existsSync(file)) {
    const known = readdirSync(folder).map((name) => name.replace('.json', ''));
    throw new Error(
      `There are no prices of the region '${region}', only of ${known.join(', ')}. Take one of these, or add ${region}.json to scripts/cost/data/prices.`,
    );
  }
  return table.parse(JSON.parse(readFileSync(file, 'utf8')));
}

/** The price of that name. Throws, naming the cure, where the table lacks it. */
export function priceOf({ prices, region }: PriceTable, name: string): Price {
  const found = prices[name];
  if (found) return found;
  throw new Error(
    `The price '${name}' is missing: add it to scripts/cost/data/prices/${region}.json with its source.`,
  );
}
