import type { RuntimeContext } from '../../emulated-service.ts';
import { AwsError } from '../../emulated-service.ts';
import type { CreateFeatureGroupInput, ListFeatureGroupsInput } from '../api/feature-inputs.ts';
import { validationError } from '../api/validation.ts';
import { resourceArn } from '../arns.ts';
import { listPage } from '../store/list-page.ts';
import type { RecordStore } from '../store/record-store.ts';

/** A feature group as kept on disk. */
export interface FeatureGroupRecord {
  readonly arn: string;
  readonly input: CreateFeatureGroupInput;
  readonly creationTimeMs: number;
}

/** How long a group is `Creating`: long enough that who does not wait for it is found out. */
const CREATION_MS = 2000;
const RESERVED = ['is_deleted', 'write_time', 'api_invocation_time'];

/** The operations on feature groups. The offline store is only checked: nothing is written there on a laptop. */
export class FeatureGroups {
  readonly #context: RuntimeContext;
  readonly #store: RecordStore<FeatureGroupRecord>;
  readonly #dropRecords: (group: string) => void;

  /** @param dropRecords forgets all records of a group. */
  constructor(
    context: RuntimeContext,
    store: RecordStore<FeatureGroupRecord>,
    dropRecords: (group: string) => void,
  ) {
    this.#context = context;
    this.#store = store;
    this.#dropRecords = dropRecords;
  }

  create(input: CreateFeatureGroupInput): { FeatureGroupArn: string } {
    const name = input.FeatureGroupName;
    const arn = resourceArn(this.#context, 'feature-group', name);
    if (this.#store.get(name) !== undefined)
      throw new AwsError(
        'ResourceInUse',
        `Resource Already Exists: FeatureGroup with name ${name} already exists.`,
      );
    assertGroup(input);
    this.#store.put(name, { arn, input, creationTimeMs: this.#context.now() });
    return { FeatureGroupArn: arn };
  }

  /** The group of that name or ARN. Throws AwsError ResourceNotFound. */
  require(nameOrArn: string, status = 400): FeatureGroupRecord {
    const name = groupNameOf(nameOrArn);
    const group = this.#store.get(name);
    if (group) return group;
    throw new AwsError(
      'ResourceNotFound',
      `Resource Not Found: FeatureGroup with name ${name} does not exist.`,
      status,
    );
  }

  /** The group, where records can be put and read. */
  requireCreated(nameOrArn: string): FeatureGroupRecord {
    const group = this.require(nameOrArn, 404);
    if (this.#statusOf(group) === 'Created' && group.input.OnlineStoreConfig?.EnableOnlineStore) return group;
    throw new AwsError(
      'ValidationError',
      `Validation Error: FeatureGroup ${group.input.FeatureGroupName} is ${this.#statusOf(group)} or has no OnlineStore.`,
    );
  }

  describe(nameOrArn: string): Record<string, unknown> {
    const group = this.require(nameOrArn);
    const { Tags: _tags, ...shown } = group.input;
    return {
      ...shown,
      FeatureGroupArn: group.arn,
      FeatureGroupStatus: this.#statusOf(group),
      CreationTime: group.creationTimeMs / 1000,
    };
  }

  delete(nameOrArn: string): void {
    const { FeatureGroupName: name } = this.require(nameOrArn).input;
    this.#dropRecords(name);
    this.#store.delete(name);
  }

  list({ FeatureGroupStatusEquals, ...input }: ListFeatureGroupsInput): Record<string, unknown> {
    const items = this.#store.all().map((group) => ({
      ...group,
      name: group.input.FeatureGroupName,
      status: this.#statusOf(group),
    }));
    const wanted = FeatureGroupStatusEquals ? { ...input, StatusEquals: FeatureGroupStatusEquals } : input;
    const { page, nextToken } = listPage(items, wanted);
    return {
      FeatureGroupSummaries: page.map(({ name, arn, status, creationTimeMs }) => ({
        FeatureGroupName: name,
        FeatureGroupArn: arn,
        FeatureGroupStatus: status,
        CreationTime: creationTimeMs / 1000,
      })),
      ...(nextToken === undefined ? {} : { NextToken: nextToken }),
    };
  }

  #statusOf({ creationTimeMs }: FeatureGroupRecord): string {
    return this.#context.now() - creationTimeMs < CREATION_MS ? 'Creating' : 'Created';
  }
}

export const groupNameOf = (nameOrArn: string): string => nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1);

function assertGroup(input: CreateFeatureGroupInput): void {
  const { FeatureDefinitions, RecordIdentifierFeatureName, EventTimeFeatureName } = input;
  const types = new Map(FeatureDefinitions.map(({ FeatureName, FeatureType }) => [FeatureName, FeatureType]));
  const names = FeatureDefinitions.map(({ FeatureName }) => FeatureName.toLowerCase());
  if (new Set(names).size < names.length)
    throw validationError('Feature names must be unique, whatever their case.');
  const reserved = RESERVED.find((name) => names.includes(name));
  if (reserved) throw validationError(`${reserved} is a reserved feature name.`);
  if (!types.has(RecordIdentifierFeatureName))
    throw validationError(
      `RecordIdentifierFeatureName ${RecordIdentifierFeatureName} is none of the FeatureDefinitions.`,
    );
  if (!['String', 'Fractional'].includes(types.get(EventTimeFeatureName) ?? ''))
    throw validationError(
      `EventTimeFeatureName ${EventTimeFeatureName} must be a feature of type String or Fractional.`,
    );
  if (!input.OnlineStoreConfig?.EnableOnlineStore && !input.OfflineStoreConfig)
    throw validationError('A FeatureGroup needs an OnlineStore, an OfflineStore or both.');
  if (input.OfflineStoreConfig && !input.RoleArn) throw validationError('An OfflineStore needs a RoleArn.');
}
