import type { RuntimeContext } from '../../emulated-service.ts';
import type {
  CreateModelPackageGroupInput,
  CreateModelPackageInput,
  UpdateModelPackageInput,
} from '../api/package-inputs.ts';
import { validationError } from '../api/validation.ts';
import { resourceArn } from '../arns.ts';
import type { RecordStore } from '../store/record-store.ts';

export interface PackageGroupRecord {
  readonly arn: string;
  readonly input: CreateModelPackageGroupInput;
  readonly newestVersion: number;
}

export interface PackageRecord {
  readonly arn: string;
  readonly input: CreateModelPackageInput;
  readonly version: number;
  readonly approvalDescription?: string;
  readonly creationTimeMs: number;
}

/** The operations on model packages: SageMaker's Model Registry. Packages are numbered 1, 2, 3 in their group. */
export class ModelPackages {
  readonly #context: RuntimeContext;
  readonly #groups: RecordStore<PackageGroupRecord>;
  readonly #packages: RecordStore<PackageRecord>;

  constructor(
    context: RuntimeContext,
    groups: RecordStore<PackageGroupRecord>,
    packages: RecordStore<PackageRecord>,
  ) {
    this.#context = context;
    this.#groups = groups;
    this.#packages = packages;
  }

  createGroup(input: CreateModelPackageGroupInput): { ModelPackageGroupArn: string } {
    const { ModelPackageGroupName: name } = input;
    const arn = resourceArn(this.#context, 'model-package-group', name);
    if (this.#groups.get(name)) throw validationError(`Model Package Group already exists: ${arn}`);
    this.#groups.put(name, { arn, input, newestVersion: 0 });
    return { ModelPackageGroupArn: arn };
  }

  create(input: CreateModelPackageInput): { ModelPackageArn: string } {
    const { ModelPackageGroupName: name, ClientToken: token } = input;
    const group = this.#groups.require(name, `Model Package Group ${name} does not exist.`);
    const made = this.#ofGroup(name).find((record) => token && record.input.ClientToken === token);
    if (made) return { ModelPackageArn: made.arn };
    const version = group.newestVersion + 1;
    const arn = `${resourceArn(this.#context, 'model-package', name)}/${version}`;
    this.#groups.put(name, { ...group, newestVersion: version });
    this.#packages.put(`${name}-${version}`, { arn, input, version, creationTimeMs: this.#context.now() });
    return { ModelPackageArn: arn };
  }

  update({ ModelPackageArn: arn, ...change }: UpdateModelPackageInput): { ModelPackageArn: string } {
    const record = this.#require(arn);
    const { ModelApprovalStatus = record.input.ModelApprovalStatus, ApprovalDescription } = change;
    this.#packages.put(`${record.input.ModelPackageGroupName}-${record.version}`, {
      ...record,
      input: { ...record.input, ModelApprovalStatus },
      ...(ApprovalDescription === undefined ? {} : { approvalDescription: ApprovalDescription }),
    });
    return { ModelPackageArn: arn };
  }

  describe(arn: string): Record<string, unknown> {
    const { input, version, approvalDescription, creationTimeMs } = this.#require(arn);
    const { ClientToken: _token, ModelApprovalStatus = 'PendingManualApproval', ...shown } = input;
    return {
      ...shown,
      ModelApprovalStatus,
      ModelPackageArn: arn,
      ModelPackageVersion: version,
      ModelPackageStatus: 'Completed',
      ModelPackageStatusDetails: { ValidationStatuses: [], ImageScanStatuses: [] },
      CreationTime: creationTimeMs / 1000,
      ...(approvalDescription === undefined ? {} : { ApprovalDescription: approvalDescription }),
    };
  }

  #ofGroup(name: string): PackageRecord[] {
    return this.#packages.all().filter(({ input }) => input.ModelPackageGroupName === name);
  }

  #require(arn: string): PackageRecord {
    const record = this.#packages.all().find((other) => other.arn === arn);
    if (record) return record;
    throw validationError(`ModelPackage ${arn} does not exist.`);
  }
}
