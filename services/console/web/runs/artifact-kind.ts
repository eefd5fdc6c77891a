/** More of an artifact than this is not read for looking at it. */
export const previewBytes = 512_000;

/** Pictures that browsers draw without running anything; SVG can hold scripts and is shown as text. */
const pictures = [
  { type: 'image/png', begins: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
  { type: 'image/jpeg', begins: [0xff, 0xd8, 0xff] },
  { type: 'image/gif', begins: [0x47, 0x49, 0x46, 0x38] },
] as const;

const pictureEndings = /\.(?:png|jpe?g|gif|webp)$/i;
/** A picture is whole or nothing. */
export const pictureBytes = 8_000_000;

/** How many bytes of a file are worth reading to look at it. */
export const bytesWanted = (path: string): number =>
  pictureEndings.test(path) ? pictureBytes : previewBytes;

export type Preview =
  | { readonly kind: 'text'; readonly text: string; readonly isWhole: boolean }
  | { readonly kind: 'picture'; readonly type: string }
  | { readonly kind: 'none'; readonly reason: string };

/** What can be shown of an artifact, by its bytes and never by what it or its server claims to be. */
export function previewOf(path: string, bytes: Uint8Array, isWhole: boolean): Preview {
  const type = pictureType(bytes);
  if (type) {
    return isWhole
      ? { kind: 'picture', type }
      : { kind: 'none', reason: 'This picture is too big to be shown here.' };
  }
  const text = textOf(bytes, isWhole);
  if (text === undefined) {
    return { kind: 'none', reason: 'This is neither text nor a picture that can be shown here.' };
  }
  return { kind: 'text', text: isWhole && path.endsWith('.json') ? indented(text) : text, isWhole };
}

function pictureType(bytes: Uint8Array): string | undefined {
  const isWebp = ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 12) === 'WEBP';
  if (isWebp) return 'image/webp';
  return pictures.find(({ begins }) => begins.every((byte, index) => bytes[index] === byte))?.type;
}

const ascii = (bytes: Uint8Array, from: number, to: number): string =>
  String.fromCharCode(...bytes.subarray(from, to));

/** Undefined for bytes that are no UTF-8 text. A letter that was cut in two at the end is left out. */
function textOf(bytes: Uint8Array, isWhole: boolean): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !isWhole });
  } catch {
    return undefined;
  }
}

function indented(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), undefined, 2);
  } catch {
    return json;
  }
}

/** Reads so many bytes and no more; the rest is not asked for. */
export async function readBeginning(
  response: Response,
  most: number,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; isWhole: boolean }> {
  const reader = response.body!.getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  while (length <= most) {
    const { done, value } = await reader.read();
    if (done) return { bytes: joined(parts, length), isWhole: true };
    parts.push(value);
    length += value.length;
  }
  await reader.cancel();
  return { bytes: joined(parts, length).slice(0, most), isWhole: false };
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
