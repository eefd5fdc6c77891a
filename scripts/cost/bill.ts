import { type Driver, type DriverInput, driverQuantities } from './drivers.ts';
import { type PriceTable, priceOf } from './price-table.ts';

/** `storage`: for what lies there; `standing`: for as long as the stage stands; `use`: for what is done. */
export type ItemKind = 'storage' | 'standing' | 'use';

/** One line: what is paid for which meter because of what. */
export interface BillItem {
  readonly service: string;
  readonly driver: Driver;
  /** Name in the price table. */
  readonly price: string;
  readonly quantity: number;
  readonly unit: string;
  readonly usd: number;
  readonly kind: ItemKind;
}

export interface Bill {
  readonly items: readonly BillItem[];
  readonly usd: number;
}

const storagePrices: ReadonlySet<string> = new Set([
  'dynamodb.storedGbMonth',
  'dynamodb.recoveryGbMonth',
  's3.storedGbMonth',
  'logs.storedGbMonth',
  'events.archiveGbMonth',
]);
const standingDrivers: ReadonlySet<Driver> = new Set(['Alarms', 'Hourly rounds']);

/** The bill of a month at list prices, without discounts, taxes and support. With `freeTier`, less what is always free in an account. */
export function billOf(input: DriverInput, table: PriceTable, options: { freeTier: boolean }): Bill {
  const items = [...driverQuantities(input)].flatMap(([driver, quantities]) =>
    Object.entries(quantities)
      .filter(([, quantity]) => quantity > 0)
      .map(([price, quantity]) => itemOf(driver, price, quantity, table)),
  );
  const charged = options.freeTier ? withoutFreeTier(items, table) : items;
  return { items: charged, usd: total(charged) };
}

function itemOf(driver: Driver, price: string, quantity: number, table: PriceTable): BillItem {
  const { service, usd, per, unit } = priceOf(table, price);
  const kind = storagePrices.has(price) ? 'storage' : standingDrivers.has(driver) ? 'standing' : 'use';
  return { service, driver, price, quantity, unit, usd: (quantity * usd) / per, kind };
}

/** The free part of a meter is shared by all that drives it. */
function withoutFreeTier(items: readonly BillItem[], table: PriceTable): BillItem[] {
  const used = new Map<string, number>();
  for (const { price, quantity } of items) used.set(price, (used.get(price) ?? 0) + quantity);
  return items.map((item) => {
    const quantity = used.get(item.price) ?? 0;
    const charged = Math.max(0, quantity - (priceOf(table, item.price).freePerMonth ?? 0));
    return { ...item, usd: (item.usd * charged) / quantity };
  });
}

export const total = (items: readonly { usd: number }[]): number =>
  items.reduce((sum, { usd }) => sum + usd, 0);

/** Sums by a member of the items, the dearest first. */
export function sumsBy<Member extends 'service' | 'driver'>(
  items: readonly BillItem[],
  member: Member,
): { name: BillItem[Member]; usd: number }[] {
  const groups = Map.groupBy(items, (item) => item[member]);
  return [...groups]
    .map(([name, group]) => ({ name, usd: total(group) }))
    .sort((one, other) => other.usd - one.usd);
}
