import { KeyIndex } from './key-index.ts';
import type { ContentFile, OwedEvent, Upload, UploadedPart, Version } from './types.ts';

/** One line of a bucket's journal; each is one atomic change, an event that it owes included. */
export type Entry =
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

/** What a bucket holds, as its journal tells it. */
export class BucketState {
  readonly keys = new KeyIndex();
  readonly uploads = new Map<string, RunningUpload>();
  readonly owedEvents = new Map<string, OwedEvent>();
  /** Newest first. */
  readonly #versions = new Map<string, Version[]>();
  #newestSequencer = 0n;

  get isEmpty(): boolean {
    return this.#versions.size === 0;
  }

  /** Newest first. */
  versionsOf(key: string): readonly Version[] {
    return this.#versions.get(key) ?? [];
  }

  /** Hexadecimal of constant length; grows with every call and from one run to the next. */
  newSequencer(nowMs: number): string {
    const byTime = BigInt(nowMs) << 16n;
    this.#newestSequencer = byTime > this.#newestSequencer ? byTime : this.#newestSequencer + 1n;
    return this.#newestSequencer.toString(16).toUpperCase().padStart(18, '0');
  }

  /** Names of all content files that something refers to. */
  contentFiles(): ReadonlySet<string> {
    const versions = [...this.#versions.values()].flat();
    const contents = versions.flatMap((version) => (version.kind === 'object' ? version.content : []));
    const parts = [...this.uploads.values()].flatMap((upload) => [...upload.parts.values()]);
    return new Set([...contents, ...parts].map(({ file }) => file));
  }

  /** The entries that alone would lead to this state. */
  snapshot(): Entry[] {
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
  apply(entry: Entry): readonly ContentFile[] {
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
