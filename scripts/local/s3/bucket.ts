import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Journal, writeFileAtomically } from '../durable/journal.ts';
import { ContentStore } from './content-store.ts';
import { KeyIndex } from './key-index.ts';
import type { BucketSettings, ContentFile, OwedEvent, Upload, UploadedPart, Version } from './types.ts';

/** One line of a bucket's journal; each is one atomic change, an event that it owes included. */
type Entry =
  | {
      readonly type: 'put';
      readonly version: Version;
      readonly event?: OwedEvent;
      readonly completes?: string;
    }
  | { readonly type: 'remove'; readonly key: string; readonly versionId: string; readonly event?: OwedEvent }
  | {
      readonly type: 'tag';
      readonly key: string;
      readonly versionId: string;
      readonly tags: Readonly<Record<string, string>>;
    }
  | { readonly type: 'upload'; readonly upload: Upload }
  | { readonly type: 'part'; readonly uploadId: string; readonly part: UploadedPart }
  | { readonly type: 'abort'; readonly uploadId: string }
  | { readonly type: 'owed'; readonly event: OwedEvent }
  | { readonly type: 'sent'; readonly sequencer: string };

/** An upload under way with the parts that have arrived, by part number. */
export interface RunningUpload {
  readonly upload: Upload;
  readonly parts: Map<number, UploadedPart>;
}

const compactionSlack = 1000;

/**
 * One bucket: its versions in memory, its changes in an append-only journal, its content in files. Changes are synchronous, so
 * whoever checks a condition and changes in the same turn is alone.
 */
export class Bucket {
  readonly name: string;
  readonly content: ContentStore;
  readonly keys = new KeyIndex();
  readonly uploads = new Map<string, RunningUpload>();
  readonly owedEvents = new Map<string, OwedEvent>();
  readonly #folder: string;
  readonly #journal: Journal<Entry>;
  /** Newest first. */
  readonly #versions = new Map<string, Version[]>();
  #settings: BucketSettings;
  #newestSequencer = 0n;

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
    return this.#versions.size === 0;
  }

  /** Newest first. */
  versionsOf(key: string): readonly Version[] {
    return this.#versions.get(key) ?? [];
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
    const byTime = BigInt(nowMs) << 16n;
    this.#newestSequencer = byTime > this.#newestSequencer ? byTime : this.#newestSequencer + 1n;
    return this.#newestSequencer.toString(16).toUpperCase().padStart(18, '0');
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
    this.content.remove(this.#apply(entry));
  }

  #replay(): void {
    const entries = this.#journal.read();
    for (const entry of entries) this.#apply(entry);
    const live = this.#snapshot();
    if (entries.length > 2 * live.length + compactionSlack) this.#journal.rewrite(live);
    const versions = [...this.#versions.values()].flat();
    const contents = versions.flatMap((version) => (version.kind === 'object' ? version.content : []));
    const parts = [...this.uploads.values()].flatMap((upload) => [...upload.parts.values()]);
    this.content.keepOnly(new Set([...contents, ...parts].map(({ file }) => file)));
  }

  #snapshot(): Entry[] {
    const versions = [...this.#versions.values()].flatMap((all) => all.toReversed());
    return [
      ...versions.map((version) => ({ type: 'put' as const, version })),
      ...[...this.uploads.values()].flatMap(({ upload, parts }) => [
        { type: 'upload' as const, upload },
        ...[...parts.values()].map((part) => ({ type: 'part' as const, uploadId: upload.uploadId, part })),
      ]),
      ...[...this.owedEvents.values()].map((event) => ({ type: 'owed' as const, event })),
    ];
  }

  /** Changes the memory; returns the files that nothing refers to any more. */
  #apply(entry: Entry): readonly ContentFile[] {
    if ('event' in entry && entry.event !== undefined) this.#owe(entry.event);
    switch (entry.type) {
      case 'put':
        return this.#applyPut(entry.version, entry.completes);
      case 'remove':
        return this.#drop(entry.key, entry.versionId);
      case 'tag':
        this.#applyTags(entry.key, entry.versionId, entry.tags);
        return [];
      case 'upload':
        this.uploads.set(entry.upload.uploadId, { upload: entry.upload, parts: new Map() });
        return [];
      case 'part':
        return this.#applyPart(entry.uploadId, entry.part);
      case 'abort':
        return this.#dropUpload(entry.uploadId);
      case 'owed':
        return [];
      case 'sent':
        this.owedEvents.delete(entry.sequencer);
        return [];
    }
  }

  #owe(event: OwedEvent): void {
    this.owedEvents.set(event.sequencer, event);
    const sequencer = BigInt(`0x${event.sequencer}`);
    if (sequencer > this.#newestSequencer) this.#newestSequencer = sequencer;
  }

  #applyPut(version: Version, completes: string | undefined): readonly ContentFile[] {
    const replaced = this.#drop(version.key, version.versionId);
    this.#versions.set(version.key, [version, ...this.versionsOf(version.key)]);
    this.keys.add(version.key);
    if (completes === undefined || version.kind !== 'object') return replaced;
    const taken = new Set(version.content.map(({ file }) => file));
    return [...replaced, ...this.#dropUpload(completes).filter(({ file }) => !taken.has(file))];
  }

  #drop(key: string, versionId: string): readonly ContentFile[] {
    const versions = this.versionsOf(key);
    const left = versions.filter((version) => version.versionId !== versionId);
    if (left.length > 0) this.#versions.set(key, left);
    else {
      this.#versions.delete(key);
      this.keys.remove(key);
    }
    return versions.flatMap((version) =>
      version.versionId === versionId && version.kind === 'object' ? version.content : [],
    );
  }

  #applyTags(key: string, versionId: string, tags: Readonly<Record<string, string>>): void {
    const changed = this.versionsOf(key).map((version) =>
      version.versionId === versionId && version.kind === 'object' ? { ...version, tags } : version,
    );
    if (changed.length > 0) this.#versions.set(key, changed);
  }

  #applyPart(uploadId: string, part: UploadedPart): readonly ContentFile[] {
    const parts = this.uploads.get(uploadId)?.parts;
    const replaced = parts?.get(part.partNumber);
    parts?.set(part.partNumber, part);
    return replaced === undefined ? [] : [replaced];
  }

  #dropUpload(uploadId: string): readonly ContentFile[] {
    const parts = [...(this.uploads.get(uploadId)?.parts.values() ?? [])];
    this.uploads.delete(uploadId);
    return parts;
  }
}
