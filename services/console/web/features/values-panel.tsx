import { useState } from 'preact/hooks';
import type { AnswerOf } from '../api/operations.ts';
import { useClient } from '../api/use-api.ts';
import { Badge, type Tone } from '../parts/marks.tsx';
import { Moment } from '../parts/moment.tsx';
import { FailureNotice } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { Table } from '../parts/table.tsx';
import { useSubmission } from '../parts/use-submission.ts';

type FeatureView = AnswerOf<'readFeatureView'>['featureView'];
type Values = AnswerOf<'getOnlineFeatures'>;
type Status = Values['results'][number]['statuses'][number];

const tones: Readonly<Record<Status, Tone>> = {
  PRESENT: 'good',
  EXPIRED: 'attention',
  NOT_FOUND: 'quiet',
};

/** Looks up what an application would be answered about an entity now. */
export function ValuesPanel({ project, view }: { project: string; view: FeatureView }) {
  const client = useClient();
  const { sending, failure, submit } = useSubmission();
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>({});
  const [values, setValues] = useState<Values>();
  const names = [...view.features, ...view.aggregations].map(({ name }) => name);
  const ask = (event: Event) => {
    event.preventDefault();
    void submit(async () => {
      const entities = Object.fromEntries(
        view.joinKeys.map(({ name, type }) => {
          const text = texts[name] ?? '';
          return [name, [type === 'integer' && /^-?\d+$/.test(text) ? Number(text) : text]];
        }),
      );
      const body = { features: names.map((name) => `${view.view}:${name}`), entities };
      setValues(await client.call('getOnlineFeatures', { params: { project }, body }));
    });
  };
  return (
    <Panel title="Online values">
      <form class="filter" onSubmit={ask}>
        {view.joinKeys.map(({ name }) => (
          <label key={name}>
            {name}
            <input
              required
              autoComplete="off"
              value={texts[name] ?? ''}
              onInput={({ currentTarget: { value } }) => setTexts({ ...texts, [name]: value })}
            />
          </label>
        ))}
        <button type="submit" disabled={sending}>
          Look up
        </button>
      </form>
      {failure && <FailureNotice failure={failure} doing="Looking up" />}
      {values && <ValueTable values={values} />}
    </Panel>
  );
}

function ValueTable({ values: { metadata, results } }: { values: Values }) {
  const rows = metadata.featureNames.map((name, index) => {
    const { values, statuses, eventTimestamps } = results[index]!;
    return { name, value: values[0], status: statuses[0]!, eventAt: eventTimestamps[0] };
  });
  return (
    <Table
      caption="Values of the entity"
      rows={rows}
      keyOf={({ name }) => name}
      columns={[
        { title: 'Feature', cell: ({ name }) => name },
        {
          title: 'Value',
          numeric: true,
          cell: ({ value, status }) =>
            value === null ? <span class="muted">{status === 'PRESENT' ? 'null' : ''}</span> : String(value),
        },
        { title: 'Status', cell: ({ status }) => <Badge tone={tones[status]}>{status}</Badge> },
        { title: 'Happened', cell: ({ eventAt }) => eventAt && <Moment at={eventAt} /> },
      ]}
    />
  );
}
