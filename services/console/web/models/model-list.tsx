import { searchModels } from '../api/mlflow.ts';
import type { RegisteredModel } from '../api/mlflow-entities.ts';
import { useListed } from '../api/use-listed.ts';
import { FindForm } from '../parts/find-form.tsx';
import { Empty, FailureNotice } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { addressOf, goTo } from '../routes.ts';
import { Instant } from '../runs/run-cell.tsx';
import { countText } from '../text/format.ts';
import { AliasBadges } from './registered-versions.tsx';

/** Registered models that the caller may see. */
export function ModelList({ view }: { view: string }) {
  const part = new URLSearchParams(view).get('name') ?? '';
  const { items, isComplete, failure, more } = useListed(
    (api, pageToken, signal) => searchModels(api, { part, pageToken }, signal),
    part,
  );
  return (
    <>
      <h1>Models</h1>
      <FindForm
        label="Name"
        value={part}
        onFind={(name) => goTo(addressOf.models(name && `${new URLSearchParams({ name })}`))}
      />
      <Panel
        title="Registered models"
        aside={
          items && (
            <span class="muted">
              {countText(items.length, 'model')}
              {!isComplete && ' so far'}
            </span>
          )
        }
      >
        {failure && <FailureNotice failure={failure} doing="Reading the models" />}
        {!items && !failure && <Empty>Reading the models …</Empty>}
        {items?.length === 0 && (
          <Empty>
            {part
              ? `No model's name holds '${part}'.`
              : 'No model yet. A training registers one, and so does any MLflow client: mlflow.register_model.'}
          </Empty>
        )}
        {items && items.length > 0 && (
          <Table
            caption="Registered models, by name"
            rows={items}
            keyOf={({ name }) => name}
            columns={columns}
          />
        )}
        {!isComplete && items && (
          <button type="button" onClick={more}>
            More
          </button>
        )}
      </Panel>
    </>
  );
}

const columns: Column<RegisteredModel>[] = [
  { title: 'Name', cell: ({ name }) => <a href={addressOf.model(name)}>{name}</a> },
  { title: 'Newest version', numeric: true, cell: ({ latestVersions }) => newestOf(latestVersions) },
  {
    title: 'Aliases',
    cell: ({ aliases }) => <AliasBadges aliases={[...aliases.keys()]} versions={aliases} />,
  },
  { title: 'Description', cell: ({ description }) => description, wide: true },
  { title: 'Changed', cell: ({ updatedMs }) => <Instant ms={updatedMs} /> },
];

/** There is one for each stage. */
const newestOf = (versions: RegisteredModel['latestVersions']): string =>
  versions.length === 0 ? '' : String(Math.max(...versions.map(({ version }) => Number(version))));
