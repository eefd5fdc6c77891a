/** A file that follows from the code. */
export interface Artefact {
  /** From the root of the repository. */
  readonly path: string;
  readonly content: string;
}

/** Said at the head of every generated page. */
export const generatedNote = '<!-- Written by `npm run generate` from the code; change the code instead. -->';

/** A JSON document as it is written: two spaces, a line feed at the end. */
export const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** A Markdown table; `|` and line breaks inside cells are escaped. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cellText).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const cellText = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ');
