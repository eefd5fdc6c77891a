import { ExperimentChanged, RunChanged } from '../tracking.ts';
import { fact, project } from './fact.ts';

const experimentId = '150257710748264729';
const by = { type: 'user', id: 'ana' } as const;

/** What people change in experiments and runs. */
export const trackingSamples = [
  fact(
    ExperimentChanged,
    { eventId: '01M7YNE3R5Q0M7W2F7K8D0S4VB', seconds: 900, by },
    { project, experimentId, name: 'tumour/2026', change: 'renamed', formerName: 'tumour' },
  ),
  fact(
    RunChanged,
    { eventId: '01M7YNE9V1B7T5X0Q4J2G6N8HC', seconds: 910, by },
    {
      project,
      experimentId,
      runId: '5897981342d2d1a93554a78db3fd643a',
      runName: 'training-01M7YM68X7A58ZAWF5PJPJ5HGH',
      change: 'tagged',
      setTags: { 'mlflow.note.content': 'The reference for 2026.' },
    },
  ),
];
