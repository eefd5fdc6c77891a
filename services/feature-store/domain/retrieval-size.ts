import type { Engine, FunctionSize, WorkNeeds } from '#shared/kernel/work-size.ts';
import type { RetrievalPlan } from './retrieval-plan.ts';
import { objectsOfPlan } from './retrieval-plan.ts';

/** Functions that retrieve, from the smallest on. */
export const retrievalFunctions = {
  'retrieve-small': { memoryMb: 1769, diskMb: 2048 },
  'retrieve-large': { memoryMb: 3008, diskMb: 10_240 },
} as const satisfies Record<string, FunctionSize>;
export type RetrievalFunction = keyof typeof retrievalFunctions;
export type RetrievalEngine = Engine<RetrievalFunction>;

/** Text that a byte of Parquet becomes. */
const textPerParquetByte = 5;
/** DuckDB spills what does not fit; below this it only gets slow. */
const baseMemoryMb = 400;
const memoryPerTextByte = 0.5;
const bytesPerSecond = 5_000_000;
const megabyte = 1_000_000;

/** How much a retrieval will take, by the sizes of what it reads. */
export function retrievalNeeds(plan: RetrievalPlan): WorkNeeds {
  const objects = objectsOfPlan(plan);
  const stored = objects.reduce((sum, { bytes }) => sum + bytes, 0);
  const isText = new Set(
    plan.views.flatMap(({ found }) =>
      found.objects.filter(({ format }) => format === 'jsonl').map(({ object }) => object.uri),
    ),
  );
  const entityBytes = plan.entityRows.type === 'file' ? plan.entityRows.bytes * textPerParquetByte : 0;
  const textBytes = objects.reduce(
    (sum, { uri, bytes }) => sum + bytes * (isText.has(uri) ? 1 : textPerParquetByte),
    entityBytes,
  );
  return {
    textBytes,
    memoryMb: Math.ceil(baseMemoryMb + (memoryPerTextByte * textBytes) / megabyte),
    diskMb: Math.ceil((stored + 1.5 * textBytes) / megabyte) + 50,
    seconds: Math.ceil(textBytes / bytesPerSecond) + 5,
  };
}
