import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Journal, writeFileAtomically } from '../durable/journal.ts';
import { BucketState, type Entry, type RunningUpload } from './bucket-state.ts';
import { ContentStore } from './content-store.ts';
import type { BucketSettings, OwedEvent, Upload, UploadedPart, Version } from './types.ts';

const compactionSlack = 1000;

/**
 * One bucket: its versions in memory, its changes in an append-only journal, its content in files. Changes are synchronous, so
 * whoever checks a condition and changes in the same turn is alone.
 */
export class Bucket {
  readonly name: string;
  readonly content: ContentStore;
  readonly #folder: string;
  readonly #journal: Journal<Entry>;
  readonly #state = new BucketState();
  #settings: BucketSettings;

  private constructor(name: string, folder: string, settings: BucketSettings) {
    this.name = name;
    this.#folder = folder;
    this.#settings = settings;
    this.content = new ContentStore(path.join(folder, 'content'));
    this.#journal = new Journal(path.join(folder, 'journal.jsonl'));
  }

  static create(name: string, folder: string, settings: BucketSettings): Bucket {
    mkdirSync(folder, { recursive: true });
    const bucket = new Bucket(name, folder, settings);
    bucket.change(settings);
    return bucket;
  }

  /** Reads a bucket from disk; throws, naming the cure, when its settings cannot be read. */
  static load(name: string, folder: string): Bucket {
    const file = path.join(folder, 'bucket.json');
    try {
      const bucket = new Bucket(name, folder, JSON.parse(readFileSync(file, 'utf8')) as BucketSettings);
      bucket.#replay();
      return bucket;
    } catch (error) {
      throw new Error(
        `${file} cannot be read (${String(error)}). Start with --fresh to begin with empty buckets.`,
        {
          cause: error,
        },
      );
    }
  }

  get settings(): BucketSettings {
    return this.#settings;
  }

  change(settings: BucketSettings): void {
    this.#settings = settings;
    writeFileAtomically(path.join(this.#folder, 'bucket.json'), JSON.stringify(settings, undefined, 2));
  }

  get isEmpty(): boolean {
    return this.#state.isEmpty;
  }

  get keys(): BucketState['keys'] {
    return this.#state.keys;
  }

  /** Uploads under way by their id. */
  get uploads(): ReadonlyMap<string, RunningUpload> {
    return this.#state.uploads;
  }

  /** Events that are not known to be published, by sequencer. */
  get owedEvents(): ReadonlyMap<string, OwedEvent> {
    return this.#state.owedEvents;
  }

  /** Newest first. */
  versionsOf(key: string): readonly Version[] {
    return this.#state.versionsOf(key);
  }

  /** The newest version, which may be a delete marker. */
  current(key: string): Version | undefined {
    return this.versionsOf(key)[0];
  }

  /** The id for a version that is made now. */
  newVersionId(): string {
    return this.#settings.versioning === 'Enabled' ? randomBytes(24).toString('base64url') : 'null';
  }

  /** Hexadecimal of constant length; grows with every call. */
  newSequencer(nowMs: number): string {
    return this.#state.newSequencer(nowMs);
  }

  /** Adds a version, replacing that of the same id; `completes` names the upload whose parts it took over. */
  put(version: Version, event?: OwedEvent, completes?: string): void {
    this.#commit({ type: 'put', version, ...(event && { event }), ...(completes && { completes }) });
  }

  remove(key: string, versionId: string, event?: OwedEvent): void {
    this.#commit({ type: 'remove', key, versionId, ...(event && { event }) });
  }

  tag(key: string, versionId: string, tags: Readonly<Record<string, string>>): void {
    this.#commit({ type: 'tag', key, versionId, tags });
  }

  startUpload(upload: Upload): void {
    this.#commit({ type: 'upload', upload });
  }

  addPart(uploadId: string, part: UploadedPart): void {
    this.#commit({ type: 'part', uploadId, part });
  }

  abortUpload(uploadId: string): void {
    this.#commit({ type: 'abort', uploadId });
  }

  markSent(sequencer: string): void {
    this.#commit({ type: 'sent', sequencer });
  }

  /** Removes the bucket's folder. */
  destroy(): void {
    this.content.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #commit(entry: Entry): void {
    this.#journal.append(entry);
    this.content.remove(this.#state.apply(entry));
  }

  #replay(): void {
    const entries = this.#journal.read();
    for (const entry of entries) this.#state.apply(entry);
    const live = this.#state.snapshot();
    if (entries.length > 2 * live.length + compactionSlack) this.#journal.rewrite(live);
    this.content.keepOnly(this.#state.contentFiles());
  }
}
