import { AppError } from '#shared/kernel/errors.ts';
import type { ArtifactFile, ArtifactStore } from '../../services/tracking/ports/artifacts.ts';

/** Artifacts in memory. Its addresses say what they are for; what an upload's parts hold is not kept. */
export function createMemoryArtifacts() {
  const files = new Map<string, ArtifactFile & { readonly content: Buffer }>();
  const uploads = new Map<string, string>();
  const put: ArtifactStore['put'] = async (path, content) => {
    files.set(path, { bytes: content.byteLength, content });
  };
  const store: ArtifactStore = {
    put,
    describe: async (path) => files.get(path),
    async read(path, maxBytes) {
      const found = files.get(path);
      if (!found || found.bytes <= maxBytes) return found;
      const { content: _tooBig, ...file } = found;
      return file;
    },
    async list(directory, limit) {
      const below = [...files].filter(([path]) => path.startsWith(`${directory}/`));
      const entries = new Map(
        below.map(([path, { bytes }]) => {
          const [name = '', ...deeper] = path.slice(directory.length + 1).split('/');
          return [name, deeper.length > 0 ? { name } : { name, bytes }];
        }),
      );
      return [...entries.values()].sort((a, b) => (a.name < b.name ? -1 : 1)).slice(0, limit + 1);
    },
    async remove(path) {
      for (const file of files.keys()) if (file === path || file.startsWith(`${path}/`)) files.delete(file);
    },
    downloadAddress: async (path, validSeconds) => `get ${path} for ${validSeconds} s`,
    uploadAddress: async (path, validSeconds) => `put ${path} for ${validSeconds} s`,
    async startUpload(path, partCount) {
      const uploadId = `upload-${uploads.size + 1}`;
      uploads.set(uploadId, path);
      return { uploadId, addresses: Array.from({ length: partCount }, (_none, i) => `${uploadId} ${i + 1}`) };
    },
    async completeUpload(path, uploadId, parts) {
      if (uploads.get(uploadId) !== path)
        throw new AppError('not_found', 'UploadNotFound', 'No such upload.');
      await put(path, Buffer.from(parts.map(({ etag }) => etag).join('')));
    },
    async abortUpload(_path, uploadId) {
      uploads.delete(uploadId);
    },
  };
  return { store, paths: () => [...files.keys()].sort() };
}
