import type * as z from 'zod';
import {
  ModelAliasMoved,
  ModelVersionChanged,
  ModelVersionCreated,
  ModelVersionRegistered,
  PromptVersionCreated,
  RegisteredModelChanged,
} from '#events/registry.ts';
import type { DeliveredEvent, DomainEvent, EventDefinition } from '#shared/contracts/event.ts';
import { isPromptTag, promptTextTag, promptTypeTag } from '../domain/prompts.ts';
import type { WebhookEvent } from '../domain/webhook-events.ts';

/** What a webhook is told. */
export interface WebhookChange {
  readonly event: WebhookEvent;
  readonly payload: object;
}

type DataOf<Definition extends EventDefinition> = z.output<Definition['data']>;

/** The change in a fact, with the id and the time of the fact. */
export function webhookChangeOf(
  delivered: DeliveredEvent,
): { readonly eventId: string; readonly occurredAt: string; readonly change: WebhookChange } | undefined {
  const found = tellings.find(({ definition }) => definition.detailType === delivered['detail-type']);
  if (!found) return undefined;
  const { detail } = found.definition.parse(delivered) as DomainEvent;
  const change = found.tell(detail.data);
  const { eventId, occurredAt } = detail.metadata;
  return change && { eventId, occurredAt, change };
}

function telling<Definition extends EventDefinition>(
  definition: Definition,
  tell: (data: DataOf<Definition>) => WebhookChange | undefined,
) {
  return {
    definition: definition as EventDefinition,
    tell: tell as (data: unknown) => WebhookChange | undefined,
  };
}

function ofModel(data: DataOf<typeof RegisteredModelChanged>): WebhookChange | undefined {
  const { model: name, change, isPrompt, tags = {}, tag, description } = data;
  if (change === 'created')
    return {
      event: isPrompt ? 'prompt.created' : 'registered_model.created',
      payload: { name, tags: isPrompt ? ownTags(tags) : tags, description: description ?? null },
    };
  // MLflow tells of the tags of prompts alone.
  if (!isPrompt || !tag) return undefined;
  if (change === 'tagged')
    return { event: 'prompt_tag.set', payload: { name, key: tag.key, value: tag.value ?? '' } };
  return { event: 'prompt_tag.deleted', payload: { name, key: tag.key } };
}

const ofVersion = (data: DataOf<typeof ModelVersionCreated>): WebhookChange => ({
  event: 'model_version.created',
  payload: {
    name: data.model,
    version: String(data.modelVersion),
    source: data.source,
    run_id: data.runId ?? null,
    tags: data.tags,
    description: data.description ?? null,
  },
});

const ofTrainedVersion = (data: DataOf<typeof ModelVersionRegistered>): WebhookChange => ({
  event: 'model_version.created',
  payload: {
    name: data.model,
    version: String(data.modelVersion),
    source: data.artifact.uri,
    run_id: data.runId,
    tags: {},
    description: null,
  },
});

const ofPromptVersion = (data: DataOf<typeof PromptVersionCreated>): WebhookChange => ({
  event: 'prompt_version.created',
  payload: {
    name: data.prompt,
    version: String(data.promptVersion),
    template: data.tags[promptTextTag] ?? null,
    tags: ownTags(data.tags),
    description: data.description ?? null,
  },
});

function ofVersionTag(data: DataOf<typeof ModelVersionChanged>): WebhookChange | undefined {
  const { model: name, modelVersion, change, isPrompt, tag } = data;
  if (!tag) return undefined;
  const version = { name, version: String(modelVersion), key: tag.key };
  const entity = isPrompt ? 'prompt_version_tag' : 'model_version_tag';
  if (change === 'tagged') return { event: `${entity}.set`, payload: { ...version, value: tag.value ?? '' } };
  return { event: `${entity}.deleted`, payload: version };
}

function ofAlias(data: DataOf<typeof ModelAliasMoved>): WebhookChange {
  const entity = data.isPrompt ? 'prompt_alias' : 'model_version_alias';
  const alias = { name: data.model, alias: data.alias };
  if (data.toVersion === undefined) return { event: `${entity}.deleted`, payload: alias };
  return { event: `${entity}.created`, payload: { ...alias, version: String(data.toVersion) } };
}

/** Without those by which MLflow itself tells prompts apart. */
const ownTags = (tags: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(tags).filter(([key]) => ![isPromptTag, promptTypeTag, promptTextTag].includes(key)),
  );

/** Facts of the registry that webhooks are told of, each with what it is in MLflow's words; undefined for what MLflow does not tell. */
const tellings = [
  telling(RegisteredModelChanged, ofModel),
  telling(ModelVersionCreated, ofVersion),
  telling(ModelVersionRegistered, ofTrainedVersion),
  telling(PromptVersionCreated, ofPromptVersion),
  telling(ModelVersionChanged, ofVersionTag),
  telling(ModelAliasMoved, ofAlias),
];
