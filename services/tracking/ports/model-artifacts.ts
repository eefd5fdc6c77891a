import type { StoredObject } from '#shared/contracts/parts.ts';
import type { S3Location } from '#shared/kernel/s3-uri.ts';

/** Archives of trainings, and the artifacts of runs. */
export interface ModelArtifacts {
  /** Writes the one file of a training's archive (`model.tar.gz`) to a place. Throws ContentChanged, ArchiveEmpty. */
  unpack(archive: StoredObject, to: S3Location): Promise<void>;
  writeText(to: S3Location, text: string): Promise<void>;
}
