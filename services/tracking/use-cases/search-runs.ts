import * as z from 'zod';
import { type Caller, hasRole } from '#shared/contracts/caller.ts';
import { decodePageToken, encodePageToken, invalidPageToken, type Page } from '#shared/kernel/paging.ts';
import { runs as searched } from '#shared/mlflow/search/entities.ts';
import { type Filter, parseFilter } from '#shared/mlflow/search/filter.ts';
import { parseOrderBy } from '#shared/mlflow/search/order.ts';
import { PageCollector } from '#shared/mlflow/search/page.ts';
import type { Experiment } from '../domain/experiment.ts';
import { assertExperimentId, assertMaxResults } from '../domain/limits.ts';
import type { TrackedRun } from '../domain/run.ts';
import type { RunPosition, RunSource } from '../ports/run-index.ts';
import type { CoreDeps } from './deps.ts';
import { maxAnswerBytes, maxSearchResults, type Search } from './search-experiments.ts';
import { RunRecord } from './search-records.ts';

export interface RunSearch extends Search {
  readonly experimentIds: readonly string[];
}

/**
 * Runs of the experiments that the caller may see; others are passed over. In the order of start times the runs are read until
 * the page is full; any other order needs all of them. Throws InvalidParameter, InvalidSearch, InvalidPageToken.
 */
export async function searchRuns(
  deps: Pick<CoreDeps, 'experiments' | 'runIndex'>,
  caller: Caller,
  search: RunSearch,
): Promise<Page<TrackedRun>> {
  const { viewType, maxResults, orderBy } = search;
  assertMaxResults(maxResults, maxSearchResults);
  const filter = parseFilter(searched, search.filter);
  const order = parseOrderBy(searched, orderBy);
  const ids = [...new Set(search.experimentIds)];
  for (const id of ids) assertExperimentId(id);
  const experiments = await deps.experiments.readAll(ids);
  const visible = experiments.filter(({ project }) => hasRole(caller, 'viewer', project));
  const sources = visible.flatMap((experiment) => sourcesOf(experiment, viewType));
  const deleted = new Set(
    visible
      .filter(({ lifecycleStage }) => lifecycleStage === 'deleted')
      .map(({ experimentId }) => experimentId),
  );
  const asSeen = (run: TrackedRun): TrackedRun =>
    deleted.has(run.experimentId) ? { ...run, lifecycleStage: 'deleted' } : run;
  const pageToken = search.pageToken || undefined;
  if (order.text === newestFirst) {
    const after = positionOf(pageToken);
    const count = filter.text === '' ? maxResults : undefined;
    const runs = deps.runIndex.newestFirst(sources, { after, count });
    const found = await newestPage(runs, filter, maxResults);
    return { ...found, items: found.items.map(asSeen) };
  }
  const collector = new PageCollector<RunRecord>({
    toRecord: (record) => record,
    filter,
    order,
    maxResults,
    pageToken,
    bytes: { of: ({ run }) => messageBytes(run), most: maxAnswerBytes },
    scope: [viewType, ...ids.sort()],
  });
  await deps.runIndex.each(sources, (run) => collector.add(new RunRecord(run)));
  const page = collector.page();
  return { ...page, items: page.items.map(({ run }) => asSeen(run)) };
}

/** The order in which the index has runs. */
const newestFirst = parseOrderBy(searched, []).text;

function sourcesOf({ experimentId, lifecycleStage }: Experiment, viewType: Search['viewType']): RunSource[] {
  const active: RunSource = { experimentId, stage: 'active' };
  const deleted: RunSource = { experimentId, stage: 'deleted' };
  if (lifecycleStage === 'deleted') return viewType === 'ACTIVE_ONLY' ? [] : [active, deleted];
  if (viewType === 'ALL') return [active, deleted];
  return [viewType === 'ACTIVE_ONLY' ? active : deleted];
}

async function newestPage(
  runs: AsyncGenerator<TrackedRun, void>,
  filter: Filter,
  maxResults: number,
): Promise<Page<TrackedRun>> {
  const items: TrackedRun[] = [];
  let bytes = 0;
  for await (const run of runs) {
    if (filter.text !== '' && !filter.test(new RunRecord(run))) continue;
    bytes += messageBytes(run);
    const last = items.at(-1);
    if (last && (items.length === maxResults || bytes > maxAnswerBytes)) {
      const { runId, startTime } = last;
      return { items, nextPageToken: encodePageToken({ runId, startTime }) };
    }
    items.push(run);
  }
  return { items };
}

const position = z.strictObject({ runId: z.string().max(256), startTime: z.number() });

/** Throws InvalidPageToken. */
export function positionOf(pageToken: string | undefined): RunPosition | undefined {
  if (pageToken === undefined) return undefined;
  const found = position.safeParse(decodePageToken(pageToken));
  if (!found.success) throw invalidPageToken(pageToken);
  return found.data;
}

/** Bytes of a run in an answer, roughly and never too few. */
function messageBytes(run: TrackedRun): number {
  let bytes = 600 + 3 * run.name.length;
  for (const record of [run.params, run.tags])
    for (const [key, value] of Object.entries(record))
      bytes += 30 + Buffer.byteLength(JSON.stringify(key)) + Buffer.byteLength(JSON.stringify(value));
  for (const key of Object.keys(run.metrics)) bytes += 100 + Buffer.byteLength(key);
  for (const { bytes: described, name } of run.datasets) bytes += 400 + described + 3 * name.length;
  return bytes + 100 * (run.modelInputs.length + run.modelOutputs.length);
}
