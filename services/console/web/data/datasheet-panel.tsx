import type { AnswerOf } from '../api/operations.ts';
import { Panel } from '../parts/panel.tsx';
import { countText, wordsOf } from '../text/format.ts';

type Data = AnswerOf<'readProject'>['definition']['data'];

interface DatasheetPanelProps {
  readonly datasheet: NonNullable<Data['datasheet']>;
  readonly retention?: Data['retention'];
}

/** What people must know about the data before they use it. */
export function DatasheetPanel({ datasheet, retention }: DatasheetPanelProps) {
  const entries = Object.entries({ ...datasheet, retention: retentionText(retention) }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return (
    <Panel title="Datasheet">
      <dl class="facts">
        {entries.map(([name, value]) => (
          <div key={name}>
            <dt class="muted">{wordsOf(name)}</dt>
            <dd>{name === 'sensitivity' ? wordsOf(value) : value}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

function retentionText(retention: Data['retention']): string {
  const { keepVersions, keepDays } = retention ?? {};
  const kept = [
    keepVersions === undefined ? '' : `the newest ${countText(keepVersions, 'version')}`,
    keepDays === undefined ? '' : `versions of the last ${countText(keepDays, 'day')}`,
  ].filter(Boolean);
  return kept.length === 0
    ? 'every version is kept'
    : `${kept.join(' and ')}, and whatever a model was trained on or has a tag`;
}
