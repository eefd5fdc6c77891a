import {
  type Attribute,
  type Family,
  listOperators,
  nullableOperators,
  numericOperators,
  type Operator,
  type SearchableEntity,
  textOperators,
} from './entity.ts';

const text: Attribute = { values: 'string', operators: textOperators };
const listed: Attribute = { values: 'string', operators: listOperators };
const time: Attribute = { values: 'number', operators: numericOperators };
const onlyOrdered = (attribute: Attribute): Attribute => ({ ...attribute, filterable: false });
const attributePrefixes = ['attribute', 'attributes'];

const metrics: Family = {
  kind: 'metric',
  label: 'metric',
  prefixes: ['metric', 'metrics'],
  values: 'number',
  operators: numericOperators,
  orderable: true,
};
const params: Family = {
  kind: 'param',
  label: 'parameter',
  prefixes: ['parameter', 'parameters', 'param', 'params'],
  values: 'string',
  operators: nullableOperators,
  orderable: true,
};
const tags: Family = {
  kind: 'tag',
  label: 'tag',
  prefixes: ['tag', 'tags'],
  values: 'string',
  operators: nullableOperators,
  orderable: true,
};
const plainTags: Family = { ...tags, operators: textOperators, orderable: false };

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

const traceOperators: readonly Operator[] = [...listOperators, 'RLIKE'];
const traceText: Attribute = { values: 'string', operators: traceOperators };
const traceTime: Attribute = { ...time, quotedNumbers: true };
const traceTags: Family = { ...tags, operators: [...nullableOperators, 'RLIKE'] };
const assessments: Omit<Family, 'kind' | 'label' | 'prefixes'> = {
  values: 'assessment',
  operators: [...numericOperators, 'LIKE', 'ILIKE', 'RLIKE', 'IS NULL', 'IS NOT NULL'],
  orderable: false,
};

export const traces: SearchableEntity = {
  name: 'traces',
  attributePrefixes: [...attributePrefixes, 'trace'],
  attributes: {
    request_id: traceText,
    client_request_id: { ...traceText, orderable: false },
    experiment_id: onlyOrdered(text),
    status: traceText,
    timestamp_ms: { ...traceTime, aliases: ['timestamp'] },
    execution_time_ms: { ...traceTime, aliases: ['execution_time'] },
    end_time_ms: { ...traceTime, aliases: ['end_time'] },
    name: { ...traceText, keptAs: { kind: 'tag', key: 'mlflow.traceName' } },
    run_id: { ...traceText, keptAs: { kind: 'run', key: 'mlflow.sourceRun' } },
    prompt: {
      values: 'string',
      operators: ['='],
      orderable: false,
      keptAs: { kind: 'prompt', key: 'prompt' },
    },
    text: {
      values: 'string',
      operators: ['LIKE', 'ILIKE'],
      orderable: false,
      keptAs: { kind: 'span', key: 'content' },
    },
  },
  families: [
    traceTags,
    { ...traceTags, kind: 'metadata', label: 'request_metadata', prefixes: ['request_metadata', 'metadata'] },
    {
      kind: 'span',
      label: 'span',
      prefixes: ['span'],
      values: 'string',
      operators: traceOperators,
      keys: ['name', 'type', 'status', 'content'],
      keyPrefix: 'attributes.',
      orderable: false,
    },
    { ...assessments, kind: 'feedback', label: 'feedback', prefixes: ['feedback'] },
    { ...assessments, kind: 'expectation', label: 'expectation', prefixes: ['expectation'] },
    {
      kind: 'issue',
      label: 'issue',
      prefixes: ['issue'],
      values: 'string',
      operators: ['='],
      keys: ['id'],
      orderable: false,
    },
  ],
  defaultOrder: [],
  tieBreakers: ['timestamp_ms DESC', 'request_id'],
};
