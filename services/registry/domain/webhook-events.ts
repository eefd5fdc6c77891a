import { AppError } from '#shared/kernel/errors.ts';

const model = { name: 'example_model' };
const version = { ...model, version: '1' };
const prompt = { name: 'example_prompt' };
const promptVersion = { ...prompt, version: '1' };
const tag = { key: 'example_key', value: 'example_value' };
const tags = { example_key: 'example_value' };

/**
 * What a webhook can be told of, by `<entity>.<action>`, with what a test sends: the fields are those of MLflow's payloads
 * (mlflow/webhooks/types.py).
 */
export const webhookEvents = {
  'registered_model.created': { ...model, tags, description: 'An example registered model' },
  'model_version.created': {
    ...version,
    source: 'models:/123',
    run_id: 'abcd1234abcd5678',
    tags,
    description: 'An example model version',
  },
  'model_version_tag.set': { ...version, ...tag },
  'model_version_tag.deleted': { ...version, key: tag.key },
  'model_version_alias.created': { ...model, alias: 'example_alias', version: '1' },
  'model_version_alias.deleted': { ...model, alias: 'example_alias' },
  'prompt.created': { ...prompt, tags, description: 'An example prompt' },
  'prompt_version.created': {
    ...promptVersion,
    template: 'Hello {{name}}!',
    tags,
    description: 'An example prompt version',
  },
  'prompt_tag.set': { ...prompt, ...tag },
  'prompt_tag.deleted': { ...prompt, key: tag.key },
  'prompt_version_tag.set': { ...promptVersion, ...tag },
  'prompt_version_tag.deleted': { ...promptVersion, key: tag.key },
  'prompt_alias.created': { ...prompt, alias: 'example_alias', version: '1' },
  'prompt_alias.deleted': { ...prompt, alias: 'example_alias' },
} as const satisfies Record<string, object>;

export type WebhookEvent = keyof typeof webhookEvents;

/** Names of MLflow's messages, e.g. MODEL_VERSION and CREATED. */
export interface EventNames {
  readonly entity: string;
  readonly action: string;
}

/** Throws InvalidParameter for what no webhook is told of. */
export function webhookEventOf({ entity, action }: EventNames): WebhookEvent {
  const event = `${entity}.${action}`.toLowerCase();
  if (event in webhookEvents) return event as WebhookEvent;
  throw new AppError(
    'invalid_input',
    'InvalidParameter',
    `Invalid webhook event: entity '${entity.slice(0, 50)}' with action '${action.slice(0, 50)}'. Allowed are ${Object.keys(webhookEvents).join(', ')}.`,
  );
}

export function namesOf(event: string): EventNames {
  const [entity = '', action = ''] = event.toUpperCase().split('.');
  return { entity, action };
}

/** The body of a delivery. */
export function deliveryBody(event: string, timestamp: string, data: object): string {
  const [entity, action] = event.split('.');
  return JSON.stringify({ entity, action, timestamp, data });
}
