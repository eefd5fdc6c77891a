import type { Key } from './table.ts';

/** DynamoDB's limits of keys, in bytes of UTF-8 (Service quotas, "Partition keys and sort keys"). */
const maxPartitionKeyBytes = 2048;
const maxSortKeyBytes = 1024;

const fits = (text: string, maxBytes: number): boolean =>
  text.length <= maxBytes && Buffer.byteLength(text) <= maxBytes;

/** Whether an item may have the key. Names that callers ask for can be longer: nothing is stored under them. */
export const isStorable = ({ pk, sk }: Key): boolean =>
  fits(pk, maxPartitionKeyBytes) && fits(sk, maxSortKeyBytes);
