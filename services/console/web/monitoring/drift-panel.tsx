import { useState } from 'preact/hooks';
import type { DriftEvaluation } from '../api/answers.ts';
import type { AnswerOf } from '../api/operations.ts';
import { usePolled } from '../api/use-api.ts';
import { Badge, type Tone } from '../parts/marks.tsx';
import { Empty, Loaded } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { countText, timeText } from '../text/format.ts';
import { DriftScores } from './drift-scores.tsx';
import { HistogramPicture } from './histogram-picture.tsx';

type Drift = AnswerOf<'readDrift'>;
type Monitoring = AnswerOf<'readProject'>['definition']['monitoring'];

const tones: Readonly<Record<DriftEvaluation['verdict'], Tone>> = {
  Stable: 'good',
  Drift: 'bad',
  InsufficientData: 'quiet',
};

/** Pictures of so many features, the ones that moved most. */
const picturedFeatures = 6;

/** Whether what the model is asked still looks like what it learned from. */
export function DriftPanel({ project, monitoring }: { project: string; monitoring: Monitoring }) {
  const drift = usePolled(
    (api, signal) => api.call('readDrift', { params: { project }, signal }),
    () => 5000,
  );
  const [chosen, setChosen] = useState('');
  return (
    <Panel title="Drift" aside={drift.value && <OpenWindow drift={drift.value} monitoring={monitoring} />}>
      <Loaded polled={drift} doing="Reading the drift evaluations">
        {({ evaluations }) => {
          const shown = evaluations.find(({ window }) => window.windowId === chosen) ?? evaluations[0];
          if (!shown) {
            return (
              <Empty>
                No window has been judged yet. One is judged after{' '}
                {countText(monitoring.windowPredictions, 'prediction')} or{' '}
                {countText(monitoring.windowMinutes, 'minute')}.
              </Empty>
            );
          }
          return (
            <>
              <label class="choice">
                Window
                <select
                  value={shown.window.windowId}
                  onChange={(event) => setChosen(event.currentTarget.value)}
                >
                  {evaluations.map((evaluation) => (
                    <option key={evaluation.window.windowId} value={evaluation.window.windowId}>
                      {timeText(evaluation.window.endAt)}, {evaluation.verdict}
                    </option>
                  ))}
                </select>
              </label>
              <EvaluationView evaluation={shown} threshold={monitoring.drift.psiThreshold} />
            </>
          );
        }}
      </Loaded>
    </Panel>
  );
}

function OpenWindow({ drift: { openWindow }, monitoring }: { drift: Drift; monitoring: Monitoring }) {
  if (!openWindow) return null;
  return (
    <label class="muted filling">
      Filling: {openWindow.predictions} of {monitoring.windowPredictions} predictions
      <progress max={monitoring.windowPredictions} value={openWindow.predictions} />
    </label>
  );
}

function EvaluationView({ evaluation, threshold }: { evaluation: DriftEvaluation; threshold: number }) {
  const { verdict, window, modelVersion, histograms } = evaluation;
  const scores = [...evaluation.scores].sort((one, other) => other.psi - one.psi);
  const drifted = scores.filter((score) => score.drifted).length;
  const pictured = scores.filter(({ subject }) => histograms[subject]).slice(0, picturedFeatures);
  return (
    <>
      <p>
        <Badge tone={tones[verdict]}>{verdict}</Badge> version {modelVersion},{' '}
        {countText(window.predictions, 'prediction')} from {timeText(window.startAt)} to{' '}
        {timeText(window.endAt)}; {drifted} of {scores.length} moved.
      </p>
      {pictured.length > 0 && (
        <>
          <p class="legend-line muted">
            <span class="swatch reference" aria-hidden="true" /> when it learned{' '}
            <span class="swatch window" aria-hidden="true" /> in this window; bars are shares of rows
          </p>
          <div class="pictures">
            {pictured.map(({ subject, psi }) => (
              <HistogramPicture key={subject} subject={subject} psi={psi} histogram={histograms[subject]!} />
            ))}
          </div>
        </>
      )}
      <DriftScores scores={scores} threshold={threshold} />
    </>
  );
}
