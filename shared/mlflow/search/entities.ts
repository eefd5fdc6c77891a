import { listOperators, type SearchableEntity, textOperators } from './entity.ts';
import {
  attributePrefixes,
  listed,
  metrics,
  onlyOrdered,
  params,
  plainTags,
  tags,
  text,
  time,
} from './families.ts';

export { traces } from './traces-entity.ts';

export const runs: SearchableEntity = {
  name: 'runs',
  attributePrefixes: [...attributePrefixes, 'attr', 'run'],
  attributes: {
    run_id: listed,
    run_name: { ...text, aliases: ['run name', 'Run name', 'Run Name'] },
    user_id: text,
    status: text,
    artifact_uri: text,
    start_time: { ...time, aliases: ['created', 'Created'] },
    end_time: time,
  },
  families: [
    metrics,
    params,
    tags,
    {
      kind: 'dataset',
      label: 'dataset',
      prefixes: ['dataset', 'datasets'],
      values: 'string',
      operators: listOperators,
      keys: ['name', 'digest', 'context'],
      orderable: false,
    },
  ],
  defaultOrder: [],
  tieBreakers: ['start_time DESC', 'run_id'],
};

export const experiments: SearchableEntity = {
  name: 'experiments',
  attributePrefixes,
  attributes: {
    name: text,
    experiment_id: { values: 'string', operators: ['=', '!=', 'IN', 'NOT IN'] },
    creation_time: time,
    last_update_time: time,
  },
  families: [{ ...tags, orderable: false }],
  defaultOrder: ['creation_time DESC', 'experiment_id ASC'],
  tieBreakers: ['experiment_id DESC'],
};

export const registeredModels: SearchableEntity = {
  name: 'registered models',
  attributePrefixes,
  attributes: {
    name: listed,
    creation_timestamp: onlyOrdered(time),
    last_updated_timestamp: { ...onlyOrdered(time), aliases: ['timestamp'] },
  },
  families: [plainTags],
  defaultOrder: [],
  tieBreakers: ['name'],
  hasPlainOrderKeys: true,
  hidesPrompts: true,
};

export const modelVersions: SearchableEntity = {
  name: 'model versions',
  attributePrefixes,
  attributes: {
    name: listed,
    run_id: { ...listed, orderable: false },
    source_path: { ...text, orderable: false },
    version_number: { ...time, quotedNumbers: true },
    creation_timestamp: onlyOrdered(time),
    last_updated_timestamp: onlyOrdered(time),
  },
  families: [plainTags],
  defaultOrder: ['last_updated_timestamp DESC'],
  tieBreakers: ['name', 'version_number DESC'],
  hidesPrompts: true,
};

export const loggedModels: SearchableEntity = {
  name: 'logged models',
  attributePrefixes,
  attributes: {
    name: listed,
    model_id: listed,
    model_type: listed,
    status: listed,
    source_run_id: listed,
    experiment_id: listed,
    artifact_location: listed,
    creation_timestamp: { ...time, aliases: ['creation_time', 'creation_timestamp_ms'] },
    last_updated_timestamp: { ...time, aliases: ['last_updated_time', 'last_updated_timestamp_ms'] },
  },
  families: [
    metrics,
    { ...params, operators: listOperators, orderable: false },
    { ...tags, operators: listOperators, orderable: false },
  ],
  defaultOrder: [],
  tieBreakers: ['creation_timestamp DESC', 'model_id'],
};

export const evaluationDatasets: SearchableEntity = {
  name: 'evaluation datasets',
  attributePrefixes,
  attributes: {
    name: { values: 'string', operators: [...textOperators, 'IN'] },
    created_by: { ...text, orderable: false },
    last_updated_by: { ...text, orderable: false },
    created_time: time,
    last_update_time: time,
    dataset_id: { ...onlyOrdered(text) },
  },
  families: [plainTags],
  defaultOrder: ['created_time DESC'],
  tieBreakers: ['dataset_id DESC'],
};
