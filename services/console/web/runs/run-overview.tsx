import type { ComponentChildren } from 'preact';
import type { DatasetInput, Run } from '../api/mlflow-entities.ts';
import { useNow } from '../api/use-api.ts';
import { Panel } from '../parts/panel.tsx';
import { Table } from '../parts/table.tsx';
import { addressOf } from '../routes.ts';
import { durationText, valueText } from '../text/format.ts';
import { durationOf } from './columns.ts';
import { parentTag } from './family-tree.ts';
import { PairsPanel } from './pairs-table.tsx';
import { Instant, userOf } from './run-cell.tsx';
import { RunChildren, RunVersions } from './run-relations.tsx';

/** What a run is, what went into it and what came out. */
export function RunOverview({ run }: { run: Run }) {
  const note = run.tags.get('mlflow.note.content');
  return (
    <>
      <Panel title="About">
        {note && <p class="note">{note}</p>}
        <Facts run={run} />
      </Panel>
      <div class="sides even">
        <PairsPanel
          title="Metrics, newest values"
          noun="metric"
          isNumeric
          pairs={[...run.metrics.values()].map(({ key, value, step }) => ({
            key,
            value: <span title={String(value)}>{valueText(value)}</span>,
            note: step === 0 ? '' : `step ${step}`,
          }))}
        />
        <PairsPanel
          title="Params"
          noun="param"
          pairs={[...run.params].map(([key, value]) => ({ key, value }))}
        />
      </div>
      <Datasets datasets={run.datasets} />
      <RunVersions runId={run.runId} />
      <RunChildren run={run} />
      <PairsPanel
        title="Tags"
        noun="tag"
        pairs={[...run.tags]
          .filter(([key]) => !saidElsewhere.has(key))
          .map(([key, value]) => ({ key, value }))}
      />
    </>
  );
}

const saidElsewhere = new Set(['mlflow.note.content', 'mlflow.runName', 'mlflow.user', parentTag]);

function Facts({ run }: { run: Run }) {
  const nowMs = useNow(run.status === 'RUNNING');
  const duration = durationOf(run, nowMs);
  const tag = (name: string) => run.tags.get(name);
  const parent = tag(parentTag);
  const facts: (readonly [string, ComponentChildren])[] = [
    ['Run id', <code key="id">{run.runId}</code>],
    ['User', userOf(run)],
    ['Started', run.startMs !== undefined && <Instant ms={run.startMs} />],
    ['Ended', run.endMs !== undefined && <Instant ms={run.endMs} />],
    ['Duration', duration !== undefined && durationText(duration)],
    ['Source', tag('mlflow.source.name')],
    [
      'Git commit',
      tag('mlflow.source.git.commit') && <code key="commit">{tag('mlflow.source.git.commit')}</code>,
    ],
    ['Git branch', tag('mlflow.source.git.branch')],
    ['Repository', tag('mlflow.source.git.repoURL')],
    ['Entry point', tag('mlflow.project.entryPoint')],
    ['Parent run', parent && <a href={addressOf.run(parent)}>{parent}</a>],
    ['Code of the platform', tag('millrace.codeVersion')],
    ['Lineage', lineageLink(run)],
    ['Artifacts', run.artifactUri && <code key="uri">{run.artifactUri}</code>],
  ];
  return (
    <dl class="facts run-facts">
      {facts
        .filter(([, value]) => value)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** Of runs that the platform's own trainings logged: what went into them is known. */
function lineageLink({ tags }: Run): ComponentChildren {
  const trainingId = tags.get('millrace.trainingId');
  const project = tags.get('millrace.project');
  return (
    trainingId &&
    project && <a href={addressOf.lineage(project, 'training', trainingId)}>what went into it</a>
  );
}

function Datasets({ datasets }: { datasets: readonly DatasetInput[] }) {
  if (datasets.length === 0) return null;
  return (
    <Panel title="Datasets that went in">
      <Table
        caption="Datasets that went in"
        rows={datasets}
        keyOf={({ name, digest, context }) => `${name} ${digest} ${context}`}
        columns={[
          { title: 'Name', cell: ({ name }) => name },
          { title: 'For', cell: ({ context }) => context },
          { title: 'Digest', cell: ({ digest }) => <code>{digest}</code> },
          { title: 'Source', cell: (dataset) => sourceText(dataset), wide: true },
          { title: 'Rows', numeric: true, cell: ({ profile }) => rowsText(profile) },
        ]}
      />
    </Panel>
  );
}

/** The address inside of a source, which is JSON of many kinds. */
function sourceText({ sourceType, source }: DatasetInput): string {
  const fields = fieldsOf(source);
  const address = ['uri', 'url', 'path', 'table_name', 'table'].map((name) => fields[name]).find(Boolean);
  return address ? String(address) : sourceType;
}

function rowsText(profile: string): string {
  const rows = fieldsOf(profile)['num_rows'];
  return typeof rows === 'number' ? rows.toLocaleString('en') : '';
}

function fieldsOf(json: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
