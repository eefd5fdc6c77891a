/** What an upload tells of itself while it runs. */
export interface UploadProgress {
  /** So many more bytes are there. */
  add(bytes: number): void;
  end(): void;
}

const width = 28;
const everyMs = 100;

/** A bar with bytes and bytes per second on a terminal; nothing where the output is no terminal. */
export function createProgress(
  totalBytes: number,
  out: Pick<NodeJS.WriteStream, 'write' | 'isTTY'> = process.stderr,
  now: () => number = Date.now,
): UploadProgress {
  const startedMs = now();
  let [doneBytes, drawnMs] = [0, 0];
  const draw = () => {
    if (!out.isTTY) return;
    const share = totalBytes === 0 ? 1 : doneBytes / totalBytes;
    const filled = Math.round(share * width);
    const perSecond = (doneBytes / Math.max(1, now() - startedMs)) * 1000;
    const bar = `${'█'.repeat(filled)}${'░'.repeat(width - filled)}`;
    out.write(
      `\r${bar} ${Math.floor(share * 100)} %  ${bytesText(doneBytes)} of ${bytesText(totalBytes)}  ${bytesText(perSecond)}/s\u001B[K`,
    );
  };
  return {
    add(bytes) {
      doneBytes += bytes;
      if (now() - drawnMs < everyMs) return;
      drawnMs = now();
      draw();
    },
    end() {
      draw();
      if (out.isTTY) out.write('\n');
    },
  };
}

/** `812 B`, `12.4 MB`. */
export function bytesText(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB'];
  let [value, unit] = [bytes, 0];
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}
