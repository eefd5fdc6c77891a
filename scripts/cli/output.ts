import pc from 'picocolors';

/** Where commands print: text for people, or one JSON document for programs. */
export interface Output {
  readonly json: boolean;
  /** Prints a result: `text` for people, `value` with --json. */
  result(value: unknown, text: () => string): void;
  /** A line of progress; on standard error with --json, so that standard output stays one document. */
  progress(line: string): void;
}

export function createOutput(json: boolean): Output {
  return {
    json,
    result: (value, text) => void process.stdout.write(`${json ? JSON.stringify(value, null, 2) : text()}\n`),
    progress: (line) => void (json ? process.stderr : process.stdout).write(`${line}\n`),
  };
}

/** Columns aligned by their widest cell; numbers to the right. */
export function table(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = [header, ...rows.map((row) => row.map(String))];
  const widths = header.map((_name, column) => Math.max(...cells.map((row) => (row[column] ?? '').length)));
  const isNumber = header.map(
    (_name, column) => rows.length > 0 && rows.every((row) => typeof row[column] === 'number'),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) =>
        isNumber[column] ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      )
      .join('  ')
      .trimEnd();
  return [pc.bold(line(header)), ...rows.map((row) => line(row.map(String)))].join('\n');
}

/** `0.9876` as `0.988`, whole numbers as they are. */
export function figure(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(3);
}

/** `1.2 s`, `2 min 5 s`, `3 h 4 min`. */
export function duration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 100) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 100
    ? `${minutes} min ${Math.round(seconds % 60)} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
