import { baseName } from './artifact-path.ts';

/** Files that people read as they are, and MLflow's own. */
const texts: ReadonlySet<string> = new Set(
  (
    'txt log err out cfg conf ini properties toml yaml yml env json jsonl geojson xml csv tsv md rst ' +
    'py js ts sh sql r java scala cs go dockerfile mlmodel mlproject'
  ).split(' '),
);

const others: ReadonlyMap<string, string> = new Map(
  Object.entries({
    html: 'text/html',
    htm: 'text/html',
    png: 'image/png',
    jpg: 'image/jpeg',
    jpeg: 'image/jpeg',
    gif: 'image/gif',
    bmp: 'image/bmp',
    webp: 'image/webp',
    svg: 'image/svg+xml',
    pdf: 'application/pdf',
    mp3: 'audio/mpeg',
    wav: 'audio/wav',
    mp4: 'video/mp4',
    webm: 'video/webm',
  }),
);

/** Media type of a file by its name, as MLflow's server tells it: what a client claimed when it uploaded is not repeated to others. */
export function mediaTypeOf(path: string): string {
  const name = baseName(path).toLowerCase();
  const extension = name.slice(name.lastIndexOf('.') + 1);
  if (texts.has(extension)) return 'text/plain; charset=utf-8';
  return others.get(extension) ?? 'application/octet-stream';
}
