import type { ApprovalRequest } from '../api/answers.ts';
import type { ApiClient } from '../api/client.ts';
import type { AnswerOf } from '../api/operations.ts';
import { usePolled } from '../api/use-api.ts';
import { Badge, type Tone } from '../parts/marks.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { figureText, wordsOf } from '../text/format.ts';

type Evaluation = AnswerOf<'readEvaluation'> | AnswerOf<'readVersionEvaluation'>;
type Row = { readonly metric: string; readonly value: number };

const tones: Readonly<Record<Evaluation['verdict'], Tone>> = {
  Pass: 'good',
  Fail: 'bad',
  InsufficientData: 'quiet',
};

/** Metrics on held-out rows, the champion's on the same rows, and what the gates said. */
export function Evidence({ request }: { request: ApprovalRequest }) {
  const evaluation = usePolled(
    (api, signal) => evaluationOf(api, request, signal),
    () => 300_000,
  );
  const { championMetrics, gates = [], testRows } = evaluation.value ?? {};
  const isTraining = evaluation.value !== undefined && 'trainingId' in evaluation.value;
  const rows = Object.entries(request.metrics).map(([metric, value]) => ({ metric, value }));
  return (
    <div class="evidence">
      {request.note && <p class="muted">{request.note}</p>}
      <Table
        caption={`Metrics of version ${request.modelVersion}`}
        rows={rows}
        keyOf={({ metric }) => metric}
        columns={columnsOf(request.modelVersion, championMetrics)}
      />
      {gates.length > 0 && (
        <ul class="gates">
          {gates.map((gate) => (
            <li key={gate.gate}>
              <Badge tone={tones[gate.verdict]}>{gate.verdict}</Badge> {gate.message}
            </li>
          ))}
        </ul>
      )}
      {testRows !== undefined && (
        <p class="muted">
          Measured on {testRows} held-out rows{isTraining && ' that the training never saw'}
          {championMetrics && ', the champion on the same rows'}.
        </p>
      )}
    </div>
  );
}

/** The evaluation belongs to the training that made the version, or to the release of one that a client registered; without metrics there is none. */
async function evaluationOf(
  api: ApiClient,
  request: ApprovalRequest,
  signal: AbortSignal,
): Promise<Evaluation | undefined> {
  const { project, modelVersion, metrics } = request;
  if (Object.keys(metrics).length === 0) return undefined;
  const version = await api.call('readModelVersion', { params: { project, modelVersion }, signal });
  if (version.origin === 'client')
    return api.call('readVersionEvaluation', { params: { project, modelVersion }, signal });
  return api.call('readEvaluation', { params: { project, trainingId: version.trainingId }, signal });
}

function columnsOf(version: number, champion: Evaluation['championMetrics']): Column<Row>[] {
  const own: Column<Row>[] = [
    { title: 'Metric', cell: ({ metric }) => wordsOf(metric) },
    { title: `Version ${version}`, numeric: true, cell: ({ value }) => figureText(value) },
  ];
  if (!champion) return own;
  return [
    ...own,
    {
      title: 'Champion',
      numeric: true,
      cell: ({ metric }) => (champion[metric] === undefined ? '' : figureText(champion[metric])),
    },
    {
      title: 'Difference',
      numeric: true,
      cell: ({ metric, value }) =>
        champion[metric] === undefined ? '' : signedText(value - champion[metric]),
    },
  ];
}

const signedText = (difference: number): string =>
  difference === 0 ? '0' : `${difference > 0 ? '+' : '−'}${figureText(Math.abs(difference))}`;
