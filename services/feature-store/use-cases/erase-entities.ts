import type { EventMetadata } from '#shared/contracts/event.ts';
import type { ObjectVersions } from '#shared/contracts/object-versions.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { FeatureViewVersion } from '../contract.ts';
import { relationOf } from '../domain/entity-views.ts';
import type { EntityKey } from '../domain/online-key.ts';
import { afterAll } from '../domain/rank.ts';
import type { KeptSkewReport } from '../domain/skew.ts';
import { isClaimed } from '../domain/stream-fill.ts';
import { isStreamView } from '../domain/stream-records.ts';
import type {
  EntityViews,
  FeatureErasureRecord,
  FeatureErasureStore,
  KeyMatch,
  LandedFile,
  LandedFiles,
  OnlineWriter,
  RecordItems,
  RecordRewriter,
  RewrittenRecords,
  SkewStore,
  StreamFills,
} from '../ports.ts';
import { type CompleteErasureDeps, completeErasure } from './complete-erasure.ts';

export interface EraseEntitiesDeps extends CompleteErasureDeps {
  readonly erasures: FeatureErasureStore;
  readonly views: EntityViews;
  /** Of the store that a view names. */
  readonly writerOf: (view: FeatureViewVersion) => Pick<OnlineWriter, 'delete'>;
  readonly landed: LandedFiles;
  readonly recordItems: RecordItems;
  readonly rewriter: RecordRewriter;
  readonly objects: ObjectVersions;
  readonly skew: SkewStore;
  readonly fills: Pick<StreamFills, 'find'>;
}

/** Files that come while others are rewritten are looked at too, so often at most before the event is left to be delivered again. */
const maxRounds = 10;

/**
 * Erases the online values, landed records and skew examples of entities. May be stopped at any step and begun anew; a repeated request
 * changes nothing. Ends the erasure where predictions had told that it is done, else that fact does.
 */
export async function eraseEntities(
  deps: EraseEntitiesDeps,
  { project, erasureId, metadata }: { project: string; erasureId: string; metadata: EventMetadata },
): Promise<void> {
  const erasure = await deps.erasures.find(project, erasureId);
  if (erasure?.status !== 'running') return;
  try {
    await eraseOwn(deps, erasure);
  } catch (error) {
    if (!(error instanceof AppError) || ['unavailable', 'throttled', 'conflict'].includes(error.kind))
      throw error;
    const completedAt = deps.clock.now().toISOString();
    await deps.erasures.close({ ...erasure, status: 'failed', failure: error.message, completedAt }, []);
    return;
  }
  await completeErasure(deps, { project, erasureId, metadata });
}

async function eraseOwn(deps: EraseEntitiesDeps, erasure: FeatureErasureRecord): Promise<void> {
  const { project, erasureId } = erasure;
  if (erasure.own) return;
  const keys = await keysOf(deps, erasure);
  const views = (await deps.views.all(project)).filter(
    (view) => relationOf(view, erasure.joinKeys) !== undefined,
  );
  await assertNotFilled(deps, views);
  await eraseRecords(deps, erasure, keys, views);
  let onlineValuesDeleted = 0;
  for (const view of views)
    if (relationOf(view, erasure.joinKeys) === 'alone')
      onlineValuesDeleted += await deleteOnline(
        deps,
        view,
        keys.map((key) => inOrderOf(view, erasure, key)),
      );
  await forgetExamples(deps, erasure, keys);
  const files = await deps.erasures.recordFiles(project, erasureId);
  await deps.erasures.note(project, erasureId, {
    own: {
      onlineValuesDeleted: files.reduce((sum, file) => sum + file.onlineValuesDeleted, onlineValuesDeleted),
      recordsErased: files.reduce((sum, { erased }) => sum + erased, 0),
      filesRewritten: files.length,
    },
  });
}

/** Whoever fills a version has read records that are to go; one that begins later finds that an erasure runs, and waits. */
async function assertNotFilled(
  { fills, clock }: EraseEntitiesDeps,
  views: readonly FeatureViewVersion[],
): Promise<void> {
  for (const version of views.filter(isStreamView)) {
    if (!isClaimed(await fills.find(version), clock.now())) continue;
    throw new AppError(
      'unavailable',
      'StreamFillRunning',
      `Version ${version.version} of '${version.view}' is being filled with earlier records. The erasure goes on when that is done.`,
    );
  }
}

async function keysOf({ documents }: EraseEntitiesDeps, erasure: FeatureErasureRecord): Promise<EntityKey[]> {
  if (!erasure.keysDocument)
    throw new AppError(
      'precondition_failed',
      'ErasureKeysGone',
      `The keys of erasure ${erasure.erasureId} were deleted a week after it ended. Ask for it again.`,
    );
  const { keys } = (await documents.read(erasure.keysDocument)) as { readonly keys: EntityKey[] };
  return keys;
}

/** A view may have the join keys of an entity in another order. */
const inOrderOf = (
  { joinKeys }: FeatureViewVersion,
  erasure: FeatureErasureRecord,
  key: EntityKey,
): EntityKey =>
  joinKeys.map(({ name }) => key[erasure.joinKeys.findIndex((joinKey) => joinKey.name === name)]!);

const deleteOnline = (
  { writerOf }: EraseEntitiesDeps,
  view: FeatureViewVersion,
  keys: readonly EntityKey[],
): Promise<number> =>
  writerOf(view).delete(
    view,
    keys.map((key) => ({ key, ...afterAll })),
  );

async function eraseRecords(
  deps: EraseEntitiesDeps,
  erasure: FeatureErasureRecord,
  keys: readonly EntityKey[],
  views: readonly FeatureViewVersion[],
): Promise<void> {
  const streams = new Map(
    views.filter(({ source }) => source.type === 'stream').map((view) => [view.view, view]),
  );
  for (const view of streams.values()) {
    const match = { joinKeys: erasure.joinKeys, keys, viewKeys: view.joinKeys };
    const versions = views.filter((version) => version.view === view.view);
    const seen = new Set<string>();
    for (let round = 1; ; round++) {
      const files = (await deps.landed.list(erasure.project, view.view)).filter(
        ({ object }) => !seen.has(`${object.uri} ${object.sha256}`),
      );
      if (files.length === 0) break;
      if (round > maxRounds) throw filesChange(erasure, view);
      for (const file of files) {
        seen.add(`${file.object.uri} ${file.object.sha256}`);
        const work = { erasure, versions, file, match };
        const after = await deps.rewriter.without(file, match, (rewritten) =>
          rewritten ? eraseFromRecords(deps, work, rewritten) : Promise.resolve(undefined),
        );
        if (after) seen.add(`${after.uri} ${after.sha256}`);
      }
    }
  }
  await removeReplaced(deps, erasure, [...streams.values()]);
}

interface RecordsWork {
  readonly erasure: FeatureErasureRecord;
  /** Of one view. */
  readonly versions: readonly FeatureViewVersion[];
  readonly file: LandedFile;
  readonly match: KeyMatch;
}

async function eraseFromRecords(
  deps: EraseEntitiesDeps,
  work: RecordsWork,
  rewritten: RewrittenRecords,
): Promise<StoredObject> {
  const { erasures, landed, recordItems } = deps;
  const { erasure, versions, file } = work;
  const { project, erasureId } = erasure;
  const { uri } = file.object;
  const before = await erasures.recordFile(project, erasureId, uri);
  // Only the rows tell the keys of an entity among others: before they go, what is online by them does.
  let onlineValuesDeleted = before?.onlineValuesDeleted ?? 0;
  for (const view of versions)
    if (relationOf(view, erasure.joinKeys) === 'among-others')
      onlineValuesDeleted += await deleteOnline(deps, view, rewritten.viewKeys);
  await recordItems.forget(project, file.view, rewritten.recordIds);
  const { erased, rows } = rewritten;
  await erasures.noteRecordFile(project, erasureId, { uri, erased, onlineValuesDeleted, isDone: false });
  const object = await rewritten.keep();
  await landed.replace([file], { ...file, object, rows });
  return object;
}

/** Removes the files that others took the place of, with what S3 keeps of them. */
async function removeReplaced(
  { erasures, landed, objects }: EraseEntitiesDeps,
  { project, erasureId }: FeatureErasureRecord,
  streams: readonly FeatureViewVersion[],
): Promise<void> {
  const pending = (await erasures.recordFiles(project, erasureId)).filter(({ isDone }) => !isDone);
  if (pending.length === 0) return;
  const lists = await Promise.all(streams.map(({ view }) => landed.list(project, view)));
  const listed = new Set(lists.flat().map(({ object }) => object.uri));
  for (const file of pending) {
    if (listed.has(file.uri)) continue;
    await objects.remove(await objects.list([file.uri]));
    await erasures.noteRecordFile(project, erasureId, { ...file, isDone: true });
  }
}

/** S3 keeps what an object was before. */
async function removeOlder({ objects }: EraseEntitiesDeps, uri: string): Promise<void> {
  await objects.remove((await objects.list([uri])).filter(({ isLatest }) => !isLatest));
}

const filesChange = ({ project }: FeatureErasureRecord, { view }: FeatureViewVersion): AppError =>
  new AppError(
    'unavailable',
    'RecordsChanging',
    `Files of the records of '${view}' of '${project}' change faster than they can be looked at. The erasure goes on later.`,
  );

/** Reports show values that were served; whose they were stands with each. */
async function forgetExamples(
  deps: EraseEntitiesDeps,
  { project, joinKeys }: FeatureErasureRecord,
  keys: readonly EntityKey[],
): Promise<void> {
  const { skew, documents } = deps;
  const texts = new Set(keys.map((key) => JSON.stringify(key)));
  const isErased = (example: KeptSkewReport['features'][number]['examples'][number]) =>
    texts.has(JSON.stringify(joinKeys.map(({ name }) => example.joinKeys[name] ?? null)));
  let pageToken: string | undefined;
  do {
    const page = await skew.page(project, pageToken);
    for (const { reportId, object } of page.items) {
      const report = (await documents.read(object)) as KeptSkewReport;
      if (!report.features.some(({ examples }) => examples.some(isErased))) continue;
      const features = report.features.map((feature) => ({
        ...feature,
        examples: feature.examples.filter((example) => !isErased(example)),
      }));
      const after = await documents.write(project, `skew/${reportId}.json`, { ...report, features });
      await skew.replace(project, reportId, after);
      await removeOlder(deps, object.uri);
    }
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
}
