/** An item or a key in DynamoDB's JSON. */
export type WireItem = Readonly<Record<string, WireValue>>;
type WireValue = Readonly<Record<string, unknown>>;

const writeUnitBytes = 1024;
/** A transaction prepares and commits: each write in it counts twice. */
const transactionFactor = 2;

/** Size of an item as DynamoDB bills it: names and values (Developer Guide, "DynamoDB item sizes and formats"). */
export function itemBytes(item: WireItem): number {
  return Object.entries(item).reduce((bytes, [name, value]) => bytes + utf8(name) + valueBytes(value), 0);
}

function valueBytes(value: WireValue): number {
  const [type = '', content] = Object.entries(value)[0] ?? [];
  switch (type) {
    case 'S':
      return utf8(String(content));
    case 'N':
      // About one byte for each two significant digits, plus one.
      return Math.ceil(String(content).replace(/^-|\.|[eE].*$/g, '').length / 2) + 1;
    case 'B':
      return Buffer.from(String(content), 'base64').byteLength;
    case 'L':
      return 3 + (content as WireValue[]).reduce((bytes, one) => bytes + 1 + valueBytes(one), 0);
    case 'M':
      return 3 + Object.keys(content as WireItem).length + itemBytes(content as WireItem);
    case 'SS':
    case 'NS':
      return (content as string[]).reduce((bytes, one) => bytes + utf8(one), 0);
    default:
      return 1;
  }
}

const utf8 = (text: string): number => Buffer.byteLength(text);

/**
 * Write request units of one write of an item: one for each begun KB, twice that in a transaction, and once more for the index `gsi1` when the
 * item is in it.
 */
export function writeUnits(item: WireItem, inTransaction: boolean): number {
  const units = Math.max(1, Math.ceil(itemBytes(item) / writeUnitBytes));
  return units * (inTransaction ? transactionFactor : 1) + ('gsi1pk' in item ? units : 0);
}
