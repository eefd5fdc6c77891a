import type { Tags } from './api/members.ts';
import { validationError } from './api/validation.ts';
import type { RecordStore } from './store/record-store.ts';

const MAX_TAGS = 50;

/** Tags by resource ARN, kept apart from what they describe, so that all kinds of resources share one way to change them. */
export class TaggedResources {
  readonly #store: RecordStore<Tags>;
  readonly #exists: (arn: string) => boolean;

  /** @param exists whether there is a resource of that ARN. */
  constructor(store: RecordStore<Tags>, exists: (arn: string) => boolean) {
    this.#store = store;
    this.#exists = exists;
  }

  /** Tags of a new resource; what a deleted one of the same name had is gone. */
  set(arn: string, tags: Tags): void {
    this.#store.put(recordName(arn), tags);
  }

  add(arn: string, tags: Tags): { Tags: Tags } {
    const kept = this.#require(arn).filter(({ Key }) => !tags.some((tag) => tag.Key === Key));
    const all = [...kept, ...tags];
    if (all.length > MAX_TAGS)
      throw validationError(`The resource would have ${all.length} tags; at most ${MAX_TAGS} are allowed.`);
    return { Tags: this.#store.put(recordName(arn), all) };
  }

  remove(arn: string, keys: readonly string[]): void {
    const kept = this.#require(arn).filter(({ Key }) => !keys.includes(Key));
    this.#store.put(recordName(arn), kept);
  }

  list(arn: string): { Tags: Tags } {
    return { Tags: this.#require(arn) };
  }

  #require(arn: string): Tags {
    if (!this.#exists(arn)) throw validationError(`Could not find resource "${arn}".`);
    return this.#store.get(recordName(arn)) ?? [];
  }
}

/** ARNs hold colons and slashes, which file names cannot. */
function recordName(arn: string): string {
  return Buffer.from(arn).toString('base64url');
}
