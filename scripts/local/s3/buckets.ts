import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { AwsError } from '../emulated-service.ts';
import { Bucket } from './bucket.ts';
import type { BucketSettings } from './types.ts';

/** All buckets, each in a folder of its name. */
export class Buckets {
  readonly #folder: string;
  readonly #buckets = new Map<string, Bucket>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  load(): void {
    mkdirSync(this.#folder, { recursive: true });
    for (const name of readdirSync(this.#folder)) {
      const folder = path.join(this.#folder, name);
      // A folder without settings is what a crash left of a bucket that was being made or removed.
      if (existsSync(path.join(folder, 'bucket.json'))) this.#buckets.set(name, Bucket.load(name, folder));
    }
  }

  /** Throws NoSuchBucket. */
  get(name: string): Bucket {
    const bucket = this.#buckets.get(name);
    if (bucket !== undefined) return bucket;
    throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: name });
  }

  find(name: string): Bucket | undefined {
    return this.#buckets.get(name);
  }

  all(): Bucket[] {
    return [...this.#buckets.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  create(name: string, settings: BucketSettings): Bucket {
    const isValid = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name);
    if (!isValid) {
      throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.', 400, {
        BucketName: name,
      });
    }
    const bucket = Bucket.create(name, path.join(this.#folder, name), settings);
    this.#buckets.set(name, bucket);
    return bucket;
  }

  /** Throws BucketNotEmpty unless all versions are gone. */
  remove(name: string): void {
    const bucket = this.get(name);
    if (!bucket.isEmpty) {
      throw new AwsError('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409, {
        BucketName: name,
      });
    }
    bucket.destroy();
    this.#buckets.delete(name);
  }

  stop(): void {
    for (const bucket of this.#buckets.values()) bucket.content.stop();
  }
}
