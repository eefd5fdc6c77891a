import type { MlflowQuestions } from './mlflow-question.ts';
import { type MlflowThings, newModel, newWebhook } from './mlflow-things.ts';

const model = (of: MlflowThings) => ({ name: of.model });
const version = (of: MlflowThings) => ({ name: of.model, version: '1' });
const models: MlflowQuestions = {
  'ModelRegistryService.createRegisteredModel': {
    message: ({ project }, unique) => ({
      name: `${project}.${unique}`,
      tags: [{ key: 'millrace.project', value: project }],
    }),
  },
  'ModelRegistryService.renameRegisteredModel': {
    message: (of, unique) => ({ ...model(of), new_name: `${of.project}.${unique}` }),
    anew: newModel,
  },
  'ModelRegistryService.updateRegisteredModel': { message: (of) => ({ ...model(of), description: 'd' }) },
  'ModelRegistryService.deleteRegisteredModel': { message: model, anew: newModel },
  'ModelRegistryService.getRegisteredModel': { message: model },
  'ModelRegistryService.searchRegisteredModels': {
    message: () => ({ max_results: '1000' }),
    shows: (of) => of.model,
  },
  'ModelRegistryService.getLatestVersions': { message: model },
  'ModelRegistryService.getLatestVersionsByQuery': { message: model },
  'ModelRegistryService.setRegisteredModelTag': { message: (of) => ({ ...model(of), key: 'k', value: 'v' }) },
  'ModelRegistryService.deleteRegisteredModelTag': { message: (of) => ({ ...model(of), key: 'colour' }) },
  'ModelRegistryService.setRegisteredModelAlias': { message: (of) => ({ ...version(of), alias: 'green' }) },
  'ModelRegistryService.deleteRegisteredModelAlias': {
    message: (of) => ({ ...model(of), alias: 'blue' }),
    anew: newModel,
  },
  'ModelRegistryService.getModelVersionByAlias': { message: (of) => ({ ...model(of), alias: 'blue' }) },
};

const versions: MlflowQuestions = {
  'ModelRegistryService.createModelVersion': {
    message: (of) => ({ ...model(of), source: of.modelSource, run_id: of.runId }),
  },
  'ModelRegistryService.updateModelVersion': { message: (of) => ({ ...version(of), description: 'd' }) },
  'ModelRegistryService.transitionModelVersionStage': {
    message: (of) => ({ ...version(of), stage: 'Staging', archive_existing_versions: false }),
  },
  'ModelRegistryService.deleteModelVersion': { message: version, anew: newModel },
  'ModelRegistryService.getModelVersion': { message: version },
  'ModelRegistryService.searchModelVersions': {
    message: () => ({ max_results: '1000' }),
    shows: (of) => of.model,
  },
  'ModelRegistryService.getModelVersionDownloadUri': { message: version },
  getModelVersionArtifact: { message: (of) => ({ ...version(of), path: 'weights.txt' }) },
  'ModelRegistryService.setModelVersionTag': { message: (of) => ({ ...version(of), key: 'k', value: 'v' }) },
  'ModelRegistryService.deleteModelVersionTag': { message: (of) => ({ ...version(of), key: 'colour' }) },
};

const webhook = ({ webhookId }: MlflowThings) => ({ webhook_id: webhookId });
/** Webhooks belong to no project. */
const webhooks: MlflowQuestions = {
  'WebhookService.createWebhook': {
    message: (_of, unique) => ({
      name: unique,
      url: 'https://example.com/hook',
      events: [{ entity: 'MODEL_VERSION', action: 'CREATED' }],
    }),
  },
  'WebhookService.listWebhooks': { message: () => ({}) },
  'WebhookService.getWebhook': { message: webhook },
  'WebhookService.updateWebhook': { message: (of) => ({ ...webhook(of), description: 'd' }) },
  'WebhookService.deleteWebhook': { message: webhook, anew: newWebhook },
  'WebhookService.testWebhook': { message: webhook },
};

/** Of registered models, and of webhooks. */
export const registryQuestions: MlflowQuestions = { ...models, ...versions, ...webhooks };
