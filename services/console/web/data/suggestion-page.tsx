import type { AnswerOf } from '../api/operations.ts';
import { usePolled } from '../api/use-api.ts';
import { Badge, type Tone } from '../parts/marks.tsx';
import { Loaded } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { Table } from '../parts/table.tsx';
import { addressOf } from '../routes.ts';
import { countText, percentText, timeText } from '../text/format.ts';
import { columnText, ruleText } from './contract-text.ts';
import { evidenceOf } from './evidence-of.ts';
import { SuggestionForm } from './suggestion-form.tsx';

type Suggestion = AnswerOf<'readContractSuggestion'>;

const tones: Readonly<Record<Suggestion['status'], Tone>> = {
  waiting: 'attention',
  approved: 'good',
  refused: 'bad',
  superseded: 'quiet',
};

/** A suggested contract, line by line with what was seen; a person approves, edits or refuses it. */
export function SuggestionPage({ project, suggestionId }: { project: string; suggestionId: string }) {
  const suggestion = usePolled(
    (api, signal) => api.call('readContractSuggestion', { params: { project, suggestionId }, signal }),
    () => 30_000,
  );
  return (
    <>
      <p class="crumbs">
        <a href={addressOf.projects}>Projects</a> / <a href={addressOf.project(project, 'data')}>{project}</a>
      </p>
      <h1>Suggested contract</h1>
      <Loaded polled={suggestion} doing="Reading the suggested contract">
        {(found) => <SuggestionView project={project} found={found} />}
      </Loaded>
    </>
  );
}

function SuggestionView({ project, found }: { project: string; found: Suggestion }) {
  const { suggestion, status, datasetVersion, rows, decidedBy, decidedAt, comment } = found;
  const { contract, evidence, warnings } = suggestion;
  return (
    <>
      <p class="lead">
        <Badge tone={tones[status]}>{status}</Badge> From{' '}
        <a href={addressOf.datasetVersion(project, datasetVersion)}>dataset version {datasetVersion}</a>,{' '}
        {countText(rows, 'row')}.{' '}
        {decidedBy && decidedAt && `${status} by ${decidedBy}, ${timeText(decidedAt)}: ${comment}`}
      </p>
      {warnings.length > 0 && (
        <Panel title="Look at this first">
          <ul class="plain">
            {warnings.map(({ path, message }) => (
              <li key={`${path} ${message}`}>
                <code>{path}</code> {message}
              </li>
            ))}
          </ul>
        </Panel>
      )}
      <Panel title="Columns">
        <Table
          caption="Suggested columns and what was seen"
          rows={Object.entries(contract.columns)}
          keyOf={([name]) => name}
          columns={[
            { title: 'Column', cell: ([name]) => <code>{name}</code> },
            { title: 'Type', cell: ([, { type }]) => type },
            { title: 'Must hold', wide: true, cell: ([, rule]) => columnText(rule) },
            {
              title: 'What was seen',
              wide: true,
              cell: ([name]) => <EvidenceList evidence={evidenceOf(evidence, `columns.${name}`)} />,
            },
          ]}
        />
      </Panel>
      <Panel title="Rules of the dataset">
        <Table
          caption="Suggested rules and what was seen"
          rows={[
            { id: 'primaryKey', text: `primary key: ${contract.primaryKey}` },
            ...contract.rules.map((rule, index) => ({ id: `rules.${index}`, text: ruleText(rule) })),
            { id: 'checks', text: `at least ${countText(contract.checks.minRows, 'valid row')}` },
          ]}
          keyOf={({ id }) => id}
          columns={[
            { title: 'Must hold', wide: true, cell: ({ text }) => text },
            {
              title: 'What was seen',
              wide: true,
              cell: ({ id }) => <EvidenceList evidence={evidenceOf(evidence, id)} />,
            },
          ]}
        />
      </Panel>
      {status === 'waiting' && <SuggestionForm project={project} found={found} />}
    </>
  );
}

function EvidenceList({ evidence }: { evidence: Suggestion['suggestion']['evidence'] }) {
  return (
    <ul class="details">
      {withoutRepeats(evidence).map(({ path, seen, support }) => (
        <li key={path}>
          {seen}
          {support < 1 && <span class="muted"> (holds for {percentText(support)})</span>}
        </li>
      ))}
    </ul>
  );
}

/** Two lines may rest on one thing that was seen. */
const withoutRepeats = (evidence: Suggestion['suggestion']['evidence']) =>
  evidence.filter(({ seen }, index) => evidence.findIndex((one) => one.seen === seen) === index);
