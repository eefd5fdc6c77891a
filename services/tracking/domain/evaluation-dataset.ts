import { AppError } from '#shared/kernel/errors.ts';
import { sha256Hex } from '#shared/kernel/hash.ts';
import { isJsonObject, jsonTypeOf, sortedJson } from './lossless-json.ts';

/** Inputs with what is expected of a model for them; records of it come and go. */
export interface EvaluationDataset {
  /** `d-` and 32 hexadecimal digits. */
  readonly datasetId: string;
  readonly name: string;
  /** Projects that it is of: those of the experiments that it was made for. Who may do something with it may do so in all of them. */
  readonly projects: readonly string[];
  readonly experimentIds: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly schema?: RecordSchema | undefined;
  readonly recordCount: number;
  /** Changes with every record that is written. */
  readonly digest: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly createdBy?: string | undefined;
  readonly updatedBy?: string | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

/** Types of the fields that records had, by name; of outputs that are no object, their type. */
export interface RecordSchema {
  readonly inputs: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>> | string;
  readonly expectations: Readonly<Record<string, string>>;
  readonly version: '1.0';
}

export interface DatasetRecord {
  /** `dr-` and 32 hexadecimal digits of its inputs' hash: a dataset has one record for the same inputs. */
  readonly recordId: string;
  readonly inputs: Fields;
  readonly outputs?: unknown;
  readonly expectations?: Fields | undefined;
  readonly tags?: Fields | undefined;
  readonly source?: { readonly source_type: string; readonly source_data: unknown } | undefined;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly createdBy?: string | undefined;
  readonly updatedBy?: string | undefined;
}

/** A record as a client sends it. `outputs` of null takes away what was there. */
export interface SentRecord {
  readonly recordId: string;
  readonly inputs: Fields;
  readonly outputs?: unknown;
  readonly expectations?: Fields | undefined;
  readonly tags?: Fields | undefined;
  readonly source?: DatasetRecord['source'];
}

/** Tag that says who did something. */
export const userTag = 'mlflow.user';

const sourceTypes = ['UNSPECIFIED', 'TRACE', 'HUMAN', 'DOCUMENT', 'CODE'];

const invalid = (message: string): AppError => new AppError('invalid_input', 'InvalidRecord', message);

/** Reads the records of a message. Throws InvalidRecord with the place of what is wrong. */
export function sentRecords(value: unknown): SentRecord[] {
  if (!Array.isArray(value))
    throw invalid("Invalid value for parameter 'records' supplied: it must be a list of records.");
  return value.map((record: unknown, index) => {
    if (!isJsonObject(record)) throw invalid(`records[${index}] must be an object with inputs.`);
    const inputs = objectAt(record, 'inputs', index) ?? {};
    return {
      recordId: `dr-${sha256Hex(sortedJson(inputs)).slice(0, 32)}`,
      inputs,
      ...(record['outputs'] === undefined ? {} : { outputs: record['outputs'] }),
      expectations: objectAt(record, 'expectations', index),
      tags: objectAt(record, 'tags', index),
      source: sourceOf(record['source'], index),
    };
  });
}

function objectAt(record: Fields, name: string, index: number): Fields | undefined {
  const value = record[name];
  if (value === undefined || value === null) return undefined;
  if (isJsonObject(value)) return value;
  throw invalid(`records[${index}].${name} must be an object.`);
}

function sourceOf(source: unknown, index: number): DatasetRecord['source'] {
  if (source === undefined || source === null) return undefined;
  const type = isJsonObject(source) ? String(source['source_type'] ?? 'UNSPECIFIED').toUpperCase() : '';
  if (!isJsonObject(source) || !sourceTypes.includes(type)) {
    throw invalid(
      `Invalid dataset record source type of records[${index}]. Valid source types: ${sourceTypes.join(', ')}`,
    );
  }
  return { source_type: type, source_data: source['source_data'] ?? {} };
}

/** A record that is not there yet. */
export function newRecord(sent: SentRecord, nowMs: number): DatasetRecord {
  const by = userOf(sent.tags);
  const { outputs, ...rest } = sent;
  return {
    ...rest,
    ...(outputs === undefined || outputs === null ? {} : { outputs }),
    tags: sent.tags ?? {},
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    createdBy: by,
    updatedBy: by,
  };
}

/** Takes new outputs in, and adds expectations and tags to those that are there. */
export function mergedRecord(record: DatasetRecord, sent: SentRecord, nowMs: number): DatasetRecord {
  const { outputs, ...rest } = record;
  const kept = sent.outputs === undefined ? outputs : (sent.outputs ?? undefined);
  return {
    ...rest,
    ...(kept === undefined ? {} : { outputs: kept }),
    expectations: sent.expectations ? { ...record.expectations, ...sent.expectations } : record.expectations,
    tags: sent.tags ? { ...record.tags, ...sent.tags } : record.tags,
    updatedAtMs: nowMs,
    updatedBy: userOf(sent.tags) ?? record.updatedBy,
  };
}

export const userOf = (tags: Fields | undefined): string | undefined => {
  const user = tags?.[userTag];
  return typeof user === 'string' ? user : undefined;
};

/** The schema with the fields of these records; a field keeps the type that it had first. */
export function widenedSchema(
  schema: RecordSchema | undefined,
  records: readonly SentRecord[],
): RecordSchema | undefined {
  if (records.length === 0) return schema;
  const wide = structuredClone(schema ?? { inputs: {}, outputs: {}, expectations: {}, version: '1.0' });
  let outputs: RecordSchema['outputs'] = wide.outputs;
  for (const record of records) {
    addTypes(wide.inputs, record.inputs);
    addTypes(wide.expectations, record.expectations ?? {});
    if (record.outputs === undefined || record.outputs === null) continue;
    if (isJsonObject(record.outputs)) {
      if (typeof outputs === 'object') addTypes(outputs, record.outputs);
    } else if (typeof outputs === 'object' && Object.keys(outputs).length === 0)
      outputs = jsonTypeOf(record.outputs);
  }
  return { ...wide, outputs } as RecordSchema;
}

function addTypes(types: Record<string, string>, fields: Fields): void {
  for (const [name, value] of Object.entries(fields)) {
    if (!Object.hasOwn(types, name)) types[name] = jsonTypeOf(value);
  }
}

/** Eight digits that change with the time of the last write, as MLflow's server makes them. */
export const datasetDigest = (name: string, updatedAtMs: number): string =>
  sha256Hex(`${name}:${updatedAtMs}`).slice(0, 8);
