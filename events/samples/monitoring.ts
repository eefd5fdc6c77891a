import { DriftDetected, DriftEvaluated, PerformanceMeasured } from '../monitoring.ts';
import { GroundTruthReceived, PredictionBatchCaptured } from '../predictions.ts';
import { at, fact, project, stored } from './fact.ts';

const inferenceId = '01M7YM8C07CXE56TT0XT6JXAET-0';
const subject = {
  project,
  model: project,
  modelVersion: 1,
  window: { windowId: `${project}-v1-1`, startAt: at(70), endAt: at(75), predictions: 100 },
};
const meanRadius = {
  subject: 'mean_radius',
  psi: 1.42,
  test: 'kolmogorov_smirnov',
  statistic: 0.47,
  pValue: 2.1e-15,
  drifted: true,
} as const;

const predictionBatchCaptured = fact(
  PredictionBatchCaptured,
  { eventId: `captured-${inferenceId}`, seconds: 74 },
  {
    project,
    model: project,
    modelVersion: 1,
    count: 100,
    firstAt: at(70),
    lastAt: at(72),
    capture: stored('captures', `predictions/${project}/v1/2026/11/21/${inferenceId}.jsonl`, 81_200),
  },
);

const groundTruthReceived = fact(
  GroundTruthReceived,
  { eventId: 'labels-01M7YM8D3V8Q2W5E8R1T4Y7U0P-0000', seconds: 76 },
  {
    project,
    count: 100,
    labels: stored(
      'captures',
      `ground-truth/${project}/2026/11/21/01M7YM8D3V8Q2W5E8R1T4Y7U0P-0000.jsonl`,
      9_400,
    ),
  },
);

const driftEvaluated = fact(
  DriftEvaluated,
  { eventId: `${subject.window.windowId}-evaluated`, seconds: 75.5, after: predictionBatchCaptured },
  { ...subject, verdict: 'Drift', worst: [meanRadius] },
);

const driftDetected = fact(
  DriftDetected,
  { eventId: `${subject.window.windowId}-drift`, seconds: 75.5, after: driftEvaluated },
  { ...subject, kind: 'data', scores: [meanRadius] },
);

const performanceMeasured = fact(
  PerformanceMeasured,
  { eventId: `${subject.window.windowId}-performance`, seconds: 77, after: groundTruthReceived },
  { ...subject, verdict: 'Degraded', metrics: { accuracy: 0.86 }, labelled: 100, coverage: 1 },
);

export const monitoringSamples = [
  predictionBatchCaptured,
  driftEvaluated,
  driftDetected,
  groundTruthReceived,
  performanceMeasured,
];
