/** A file or directory directly below another directory. */
export interface ArtifactEntry {
  readonly name: string;
  /** Absent for a directory. */
  readonly bytes?: number;
}

export interface ArtifactFile {
  readonly bytes: number;
}

/** A part of an upload that its sender got a receipt for. */
export interface UploadedPart {
  readonly partNumber: number;
  readonly etag: string;
}

/** Where the bytes of artifacts lie, by path (see domain/artifact-path.ts). Nothing here asks who may. */
export interface ArtifactStore {
  put(path: string, content: Buffer): Promise<void>;
  describe(path: string): Promise<ArtifactFile | undefined>;
  /** The file, with its content where that has at most `maxBytes`; one call whatever its size. */
  read(path: string, maxBytes: number): Promise<(ArtifactFile & { readonly content?: Buffer }) | undefined>;
  /** Names below a directory, in the order of their bytes; at most `limit` and one more. */
  list(directory: string, limit: number): Promise<readonly ArtifactEntry[]>;
  /** Removes a file, or a directory with all that is in it; older versions stay for as long as the bucket keeps them. */
  remove(path: string): Promise<void>;
  /** An address that gives the file to whoever has it. */
  downloadAddress(path: string, validSeconds: number): Promise<string>;
  /** An address that takes the file, of up to 5 GB, from whoever has it. */
  uploadAddress(path: string, validSeconds: number): Promise<string>;
  /** Begins an upload in parts; an address for each part, from number 1 on. */
  startUpload(
    path: string,
    partCount: number,
    validSeconds: number,
  ): Promise<{ readonly uploadId: string; readonly addresses: readonly string[] }>;
  /**
   * Makes the parts the file. Once more with the same parts it changes nothing. Throws UploadNotFound (not_found) where there is no such
   * upload to this path, UploadIncomplete (invalid_input) where parts are missing, changed or too small.
   */
  completeUpload(path: string, uploadId: string, parts: readonly UploadedPart[]): Promise<void>;
  /** Drops the parts. Does nothing where there is no such upload any more. */
  abortUpload(path: string, uploadId: string): Promise<void>;
}
