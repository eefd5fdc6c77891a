import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import yauzl from 'yauzl';

const open = promisify<string, yauzl.Options, yauzl.ZipFile>(yauzl.open);

/** More than a tracker writes into one file of an archive; what says less and holds more is refused by the reader. */
const maxEntryBytes = 2 * 1024 ** 3;

/** A zip archive on local disk. */
export interface Archive {
  names(): readonly string[];
  /** The bytes of an entry. */
  read(name: string): Promise<Buffer>;
}

export async function openArchive(file: string): Promise<Archive> {
  const zip = await open(file, { lazyEntries: true, autoClose: false, validateEntrySizes: true });
  const entries = new Map<string, yauzl.Entry>();
  await new Promise<void>((resolve, reject) => {
    zip.on('entry', (entry: yauzl.Entry) => {
      entries.set(entry.fileName, entry);
      zip.readEntry();
    });
    zip.on('end', resolve);
    zip.on('error', reject);
    zip.readEntry();
  });
  const openEntry = (entry: yauzl.Entry) =>
    new Promise<Readable>((resolve, reject) =>
      zip.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream))),
    );
  return {
    names: () => [...entries.keys()],
    async read(name) {
      const entry = entries.get(name);
      if (!entry) throw new Error(`${file} has no '${name}'.`);
      if (entry.uncompressedSize > maxEntryBytes)
        throw new Error(`'${name}' of ${file} has ${entry.uncompressedSize} bytes.`);
      return buffer(await openEntry(entry));
    },
  };
}
