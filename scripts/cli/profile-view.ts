import pc from 'picocolors';
import type * as z from 'zod';
import type { readProfile } from '#services/validation/contract.ts';
import { figure } from './output.ts';

type Profile = z.output<(typeof readProfile)['response']>;
type Column = Profile['columns'][number];
type Change = NonNullable<Profile['against']>['changes'][number];

const bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const barsWide = 20;
const barsNarrow = 10;
const narrow = 90;
const minWidth = 60;
const maxNameWidth = 28;

/** Counts as bars; nothing is a gap, and whatever is there is seen. */
export function sparkline(counts: readonly number[]): string {
  const most = Math.max(0, ...counts);
  return counts
    .map((count) =>
      count === 0 ? ' ' : bars[Math.min(bars.length - 1, Math.floor((count / most) * bars.length))],
    )
    .join('');
}

/** A profile, one line per column, in at most `width` characters; columns that moved since another version are marked. */
export function profileText(profile: Profile, width: number): string {
  const total = Math.max(minWidth, width);
  const changes = new Map(profile.against?.changes.map((change) => [change.name, change]));
  const names = [...profile.columns.map(({ name }) => name), ...changes.keys()];
  const widest = Math.max(6, ...names.map((name) => cellWidth(clean(name))));
  const layout = {
    name: Math.min(widest, total < narrow ? maxNameWidth / 2 : maxNameWidth),
    bars: total < narrow ? barsNarrow : barsWide,
    total,
  };
  const gone = [...changes.values()].filter(({ change }) => change === 'removed');
  const lines = [
    ...profile.columns.map((column) => columnLine(column, changes.get(column.name), layout)),
    ...gone.map(({ name }) => pc.red(cut(`− ${pad(clean(name), layout.name)}  removed`, total))),
  ];
  return [head(profile), pc.bold(headerLine(layout)), ...lines, ...summary(profile)].join('\n');
}

interface Layout {
  readonly name: number;
  readonly bars: number;
  readonly total: number;
}

function head({ project, datasetVersion, rows, columns, against }: Profile): string {
  const compared = against ? `, compared with version ${against.datasetVersion}` : '';
  return `${pc.bold(`${project} version ${datasetVersion}`)}: ${rows.toLocaleString('en')} rows, ${columns.length} columns${compared}`;
}

const headerLine = (layout: Layout): string =>
  cut(
    `  ${pad('column', layout.name)}  ${pad('type', 9)}  missing  ${'distinct'.padStart(9)}  ${pad('distribution', layout.bars)}  values`,
    layout.total,
  ).trimEnd();

function columnLine(column: Column, change: Change | undefined, layout: Layout): string {
  const rows = column.values + column.missing;
  const missing = rows === 0 ? '' : percent(column.missing / rows);
  const mark = change && marks[change.change];
  const moved = change ? changeText(change) : '';
  const start = [
    `${mark?.sign ?? ' '} ${pad(clean(column.name), layout.name)}`,
    pad(column.type, 9),
    missing.padStart(7),
    String(column.distinct).padStart(9),
    pad(drawing(column, layout.bars), layout.bars),
  ].join('  ');
  const line = cut(
    `${start}  ${moved === '' ? '' : `${moved}  `}${valuesText(column)}`,
    layout.total,
  ).trimEnd();
  return mark ? mark.colour(line) : line;
}

const same = (text: string): string => text;
const marks: Readonly<Record<Change['change'], { sign: string; colour: (text: string) => string }>> = {
  same: { sign: ' ', colour: same },
  moved: { sign: '▲', colour: pc.yellow },
  added: { sign: '+', colour: pc.green },
  removed: { sign: '−', colour: pc.red },
  retyped: { sign: '≠', colour: pc.magenta },
};

function changeText({ change, psi, missingShare, missingShareBefore }: Change): string {
  if (change !== 'moved') return change === 'same' ? '' : change;
  const missing =
    missingShare !== undefined && missingShareBefore !== undefined && missingShare !== missingShareBefore
      ? [`missing ${percent(missingShareBefore)} → ${percent(missingShare)}`]
      : [];
  return [...(psi === undefined ? [] : [`PSI ${figure(psi)}`]), ...missing].join(', ');
}

/** Numbers by their histogram, texts by how often the most frequent come. */
function drawing(column: Column, width: number): string {
  if (column.sensitive) return '•••';
  const counts = column.histogram?.counts ?? repeatedValues(column).map(({ count }) => count);
  if (!column.histogram || counts.length <= width) return sparkline(counts.slice(0, width));
  const together = Math.ceil(counts.length / width);
  return sparkline(
    Array.from({ length: Math.ceil(counts.length / together) }, (_none, bin) =>
      counts.slice(bin * together, (bin + 1) * together).reduce((sum, count) => sum + count, 0),
    ),
  );
}

/** Where no value comes twice, none is on top. */
function repeatedValues({ topValues = [], distinct }: Column): NonNullable<Column['topValues']> {
  return distinct > 1 && topValues.every(({ count }) => count === 1) ? [] : topValues;
}

function valuesText(column: Column): string {
  if (column.sensitive) return 'masked';
  if (column.values === 0) return '';
  if (column.histogram && column.type !== 'timestamp') {
    const middle = column.quantiles?.[4];
    const parts = [
      `${short(column.min)} – ${short(column.max)}`,
      middle === undefined ? '' : `median ${figure(middle)}`,
      column.mean === undefined ? '' : `mean ${figure(column.mean)}`,
    ];
    return parts.filter((part) => part !== '').join(', ');
  }
  if (column.type === 'timestamp') return `${short(column.min)} – ${short(column.max)}`;
  const top = repeatedValues(column).map(
    ({ value, count }) => `${clean(value)} ${percent(count / column.values)}`,
  );
  return top.length > 0 ? top.join(', ') : `${short(column.min)} – ${short(column.max)}`;
}

const short = (text: string | undefined): string => {
  const number = Number(text);
  return text !== undefined && text.length > 12 && Number.isFinite(number)
    ? figure(number)
    : clean(text ?? '');
};

function summary({ against }: Profile): string[] {
  if (!against) return [];
  const moved = against.changes.filter(({ change }) => change !== 'same').length;
  return [
    '',
    moved === 0
      ? 'No column moved.'
      : `${moved} of ${against.changes.length} columns moved (PSI above 0.2, or 5 % more or fewer missing values).`,
  ];
}

const percent = (share: number): string =>
  share > 0 && share < 0.001 ? '<0.1 %' : `${Number((share * 100).toFixed(1))} %`;

/** Data is shown, never obeyed: control characters could move the cursor or change colours. */
const clean = (text: string): string => text.replace(/\p{C}/gu, '·');

const wide =
  /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Emoji_Presentation}/u;
const combining = /\p{M}/u;
const characterWidth = (character: string): number =>
  combining.test(character) ? 0 : wide.test(character) ? 2 : 1;
const cellWidth = (text: string): number =>
  [...text].reduce((sum, character) => sum + characterWidth(character), 0);

/** Cut to a width in terminal cells, with … where something is left out. */
function cut(text: string, width: number): string {
  if (cellWidth(text) <= width) return text;
  let kept = '';
  let used = 0;
  for (const character of text) {
    used += characterWidth(character);
    if (used > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

const pad = (text: string, width: number): string => {
  const fitted = cut(text, width);
  return fitted + ' '.repeat(width - cellWidth(fitted));
};
