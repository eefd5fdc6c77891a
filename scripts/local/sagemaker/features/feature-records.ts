import { createHash } from 'node:crypto';
import { AwsError } from '../../emulated-service.ts';
import type {
  BatchGetRecordInput,
  DeleteRecordInput,
  GetRecordInput,
  PutRecordInput,
} from '../api/feature-inputs.ts';
import type { RecordStore } from '../store/record-store.ts';
import type { FeatureGroupRecord, FeatureGroups } from './feature-groups.ts';

type Values = PutRecordInput['Record'];

/** The newest record of an identifier as kept on disk; without values where it was deleted softly. */
export interface FeatureRecord {
  readonly group: string;
  readonly identifier: string;
  /** Seconds since 1970. */
  readonly eventTime: number;
  readonly values?: Values;
}

/** The online store: the record of the greatest event time per identifier. One that is not newer is not taken, and no error. */
export class FeatureRecords {
  readonly #store: RecordStore<FeatureRecord>;
  readonly #groups: FeatureGroups;

  constructor(store: RecordStore<FeatureRecord>, groups: FeatureGroups) {
    this.#store = store;
    this.#groups = groups;
  }

  put({ FeatureGroupName, Record, TargetStores }: PutRecordInput): void {
    const group = this.#groups.requireCreated(FeatureGroupName);
    const values = checkedValues(group, Record);
    if (TargetStores && !TargetStores.includes('OnlineStore')) return;
    const identifier = values.get(group.input.RecordIdentifierFeatureName)!;
    const eventTime = eventTimeOf(group, values.get(group.input.EventTimeFeatureName)!);
    const name = group.input.FeatureGroupName;
    if (eventTime <= (this.#find(name, identifier)?.eventTime ?? Number.NEGATIVE_INFINITY)) return;
    this.#store.put(fileName(name, identifier), { group: name, identifier, eventTime, values: Record });
  }

  get({ FeatureGroupName, RecordIdentifierValueAsString, FeatureNames }: GetRecordInput): object {
    const group = this.#groups.requireCreated(FeatureGroupName);
    const values = this.#read(group, RecordIdentifierValueAsString, FeatureNames);
    return values ? { Record: values } : {};
  }

  batchGet({ Identifiers }: BatchGetRecordInput): object {
    const records: object[] = [];
    const errors: object[] = [];
    for (const { FeatureGroupName, RecordIdentifiersValueAsString, FeatureNames } of Identifiers) {
      for (const identifier of RecordIdentifiersValueAsString) {
        const named = { FeatureGroupName, RecordIdentifierValueAsString: identifier };
        try {
          const values = this.#read(this.#groups.requireCreated(FeatureGroupName), identifier, FeatureNames);
          if (values) records.push({ ...named, Record: values });
        } catch (error) {
          if (!(error instanceof AwsError)) throw error;
          errors.push({ ...named, ErrorCode: error.name, ErrorMessage: error.message });
        }
      }
    }
    return { Records: records, Errors: errors, UnprocessedIdentifiers: [] };
  }

  delete(input: DeleteRecordInput): void {
    const group = this.#groups.requireCreated(input.FeatureGroupName);
    const { RecordIdentifierValueAsString: identifier, DeletionMode, TargetStores } = input;
    if (TargetStores && !TargetStores.includes('OnlineStore')) return;
    const name = group.input.FeatureGroupName;
    const eventTime = eventTimeOf(group, input.EventTime);
    const held = this.#find(name, identifier);
    const isNewer = eventTime > (held?.eventTime ?? Number.NEGATIVE_INFINITY);
    if (DeletionMode === 'HardDelete') {
      if (!isNewer)
        throw validationError('EventTime must be later than the EventTime of the existing record.');
      this.#store.delete(fileName(name, identifier));
    } else if (isNewer) this.#store.put(fileName(name, identifier), { group: name, identifier, eventTime });
  }

  dropGroup(group: string): void {
    for (const record of this.#store.all())
      if (record.group === group) this.#store.delete(fileName(group, record.identifier));
  }

  #find(group: string, identifier: string): FeatureRecord | undefined {
    return this.#store.get(fileName(group, identifier));
  }

  #read(
    group: FeatureGroupRecord,
    identifier: string,
    wanted: readonly string[] | undefined,
  ): Values | undefined {
    assertKnown(group, wanted ?? []);
    const values = this.#find(group.input.FeatureGroupName, identifier)?.values;
    return wanted ? values?.filter(({ FeatureName }) => wanted.includes(FeatureName)) : values;
  }
}

/** Identifiers may be longer than names of files. */
const fileName = (group: string, identifier: string): string =>
  createHash('sha256').update(`${group}\n${identifier}`).digest('hex');

const validationError = (message: string): AwsError =>
  new AwsError('ValidationError', `Validation Error: ${message}`);

function assertKnown({ input }: FeatureGroupRecord, names: readonly string[]): void {
  const unknown = names.find(
    (name) => !input.FeatureDefinitions.some(({ FeatureName }) => FeatureName === name),
  );
  if (unknown !== undefined)
    throw validationError(`FeatureGroup ${input.FeatureGroupName} has no feature ${unknown}.`);
}

function checkedValues(group: FeatureGroupRecord, record: Values): Map<string, string> {
  const values = new Map(record.map(({ FeatureName, ValueAsString }) => [FeatureName, ValueAsString]));
  assertKnown(group, [...values.keys()]);
  if (values.size < record.length) throw validationError('A feature stands in the record twice.');
  const { FeatureDefinitions, RecordIdentifierFeatureName, EventTimeFeatureName } = group.input;
  for (const name of [RecordIdentifierFeatureName, EventTimeFeatureName])
    if (!values.has(name)) throw validationError(`The record has no ${name}.`);
  for (const { FeatureName, FeatureType } of FeatureDefinitions) {
    const value = values.get(FeatureName);
    if (value === undefined || FeatureType === 'String') continue;
    const fits =
      FeatureType === 'Integral'
        ? /^[+-]?\d+$/.test(value)
        : value.trim() !== '' && Number.isFinite(Number(value));
    if (!fits)
      throw validationError(`The value '${value.slice(0, 60)}' of ${FeatureName} is not ${FeatureType}.`);
  }
  return values;
}

const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{3})?Z$/;

function eventTimeOf({ input }: FeatureGroupRecord, value: string): number {
  const type = input.FeatureDefinitions.find(
    ({ FeatureName }) => FeatureName === input.EventTimeFeatureName,
  )?.FeatureType;
  const seconds =
    type === 'Fractional' ? Number(value) : ISO.test(value) ? Date.parse(value) / 1000 : Number.NaN;
  if (Number.isFinite(seconds)) return seconds;
  throw validationError(`The event time '${value.slice(0, 60)}' is neither ISO 8601 nor seconds since 1970.`);
}
