import type { Actor } from '#shared/contracts/event.ts';
import { ModelVersionChanged, PromptVersionCreated, RegisteredModelChanged } from '../registry.ts';
import { fact, project } from './fact.ts';

const ada: Actor = { type: 'user', id: 'ada' };

const registeredModelChanged = fact(
  RegisteredModelChanged,
  { eventId: '01M7YN2N9R1T3V5X7Z9B1D3F5H', seconds: 898, by: ada },
  {
    project,
    model: `${project}.experiments`,
    change: 'created',
    isPrompt: false,
    description: 'What the lab tries.',
    tags: { team: 'lab' },
  },
);

const modelVersionChanged = fact(
  ModelVersionChanged,
  { eventId: '01M7YN2S8W0Y2A4C6E8G0J2M4P', seconds: 910, by: ada },
  {
    project,
    model: `${project}.experiments`,
    modelVersion: 1,
    change: 'tagged',
    isPrompt: false,
    tag: { key: 'reviewed', value: 'yes' },
  },
);

const promptVersionCreated = fact(
  PromptVersionCreated,
  { eventId: '01M7YN2T9X1Z3B5D7F9H1K3N5Q', seconds: 920, by: ada },
  {
    project,
    prompt: `${project}.letter`,
    promptVersion: 1,
    tags: {
      'mlflow.prompt.is_prompt': 'true',
      'mlflow.prompt.text': 'Explain the finding {{finding}} to the patient.',
    },
    createdBy: 'ada',
  },
);

/** What clients of MLflow's API change in the registry. */
export const registrySamples = [registeredModelChanged, modelVersionChanged, promptVersionCreated];
