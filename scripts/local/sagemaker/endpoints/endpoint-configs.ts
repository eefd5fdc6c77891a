import type { RuntimeContext } from '../../emulated-service.ts';
import type { CreateEndpointConfigInput, ProductionVariant } from '../api/hosting-inputs.ts';
import type { ListInput } from '../api/members.ts';
import { validationError } from '../api/validation.ts';
import { resourceArn } from '../arns.ts';
import type { ModelRecord } from '../serving/model-record.ts';
import { listPage } from '../store/list-page.ts';
import type { RecordStore } from '../store/record-store.ts';

/** An endpoint configuration as kept on disk. */
export interface EndpointConfigRecord {
  readonly arn: string;
  readonly input: CreateEndpointConfigInput;
  readonly creationTimeMs: number;
}

/** The operations on endpoint configurations. */
export class EndpointConfigs {
  readonly #context: RuntimeContext;
  readonly #store: RecordStore<EndpointConfigRecord>;
  readonly #models: RecordStore<ModelRecord>;

  constructor(
    context: RuntimeContext,
    store: RecordStore<EndpointConfigRecord>,
    models: RecordStore<ModelRecord>,
  ) {
    this.#context = context;
    this.#store = store;
    this.#models = models;
  }

  create(input: CreateEndpointConfigInput): { EndpointConfigArn: string } {
    const name = input.EndpointConfigName;
    const arn = resourceArn(this.#context, 'endpoint-config', name);
    if (this.#store.get(name) !== undefined)
      throw validationError(`Cannot create already existing endpoint configuration "${arn}".`);
    const names = input.ProductionVariants.map((variant) => variant.VariantName);
    if (new Set(names).size < names.length)
      throw validationError(`Variant names must be unique: ${names.join(', ')}`);
    for (const variant of input.ProductionVariants) {
      assertVariant(variant);
      this.#models.require(
        variant.ModelName,
        `Could not find model "${resourceArn(this.#context, 'model', variant.ModelName)}".`,
      );
    }
    this.#store.put(name, { arn, input, creationTimeMs: this.#context.now() });
    return { EndpointConfigArn: arn };
  }

  /** @throws AwsError ValidationException when there is none of that name. */
  require(name: string): EndpointConfigRecord {
    return this.#store.require(
      name,
      `Could not find endpoint configuration "${resourceArn(this.#context, 'endpoint-config', name)}".`,
    );
  }

  describe(name: string): Record<string, unknown> {
    const { arn, input, creationTimeMs } = this.require(name);
    const { Tags: _tags, ...shown } = input;
    return {
      ...shown,
      ProductionVariants: input.ProductionVariants.map((variant) => ({
        ...variant,
        InitialVariantWeight: variant.InitialVariantWeight ?? 1,
      })),
      EndpointConfigArn: arn,
      CreationTime: creationTimeMs / 1000,
    };
  }

  delete(name: string): void {
    this.require(name);
    this.#store.delete(name);
  }

  list(input: ListInput): Record<string, unknown> {
    const items = this.#store.all().map((record) => ({ ...record, name: record.input.EndpointConfigName }));
    const { page, nextToken } = listPage(items, input);
    return {
      EndpointConfigs: page.map(({ name, arn, creationTimeMs }) => ({
        EndpointConfigName: name,
        EndpointConfigArn: arn,
        CreationTime: creationTimeMs / 1000,
      })),
      ...(nextToken === undefined ? {} : { NextToken: nextToken }),
    };
  }
}

function assertVariant(variant: ProductionVariant): void {
  const { VariantName, ServerlessConfig, InstanceType, InitialInstanceCount } = variant;
  const instances = InstanceType !== undefined || InitialInstanceCount !== undefined;
  if ((ServerlessConfig === undefined) !== instances)
    throw validationError(
      `Variant ${VariantName} needs either ServerlessConfig or both InstanceType and InitialInstanceCount.`,
    );
  if (instances && (InstanceType === undefined || InitialInstanceCount === undefined))
    throw validationError(`Variant ${VariantName} needs both InstanceType and InitialInstanceCount.`);
  if (ServerlessConfig === undefined) return;
  const { MemorySizeInMB, MaxConcurrency, ProvisionedConcurrency = 0 } = ServerlessConfig;
  if (MemorySizeInMB % 1024 !== 0)
    throw validationError(
      `MemorySizeInMB of variant ${VariantName} is ${MemorySizeInMB}; it must be 1024, 2048, 3072, 4096, 5120 or 6144.`,
    );
  if (ProvisionedConcurrency > MaxConcurrency)
    throw validationError(
      `ProvisionedConcurrency of variant ${VariantName} is ${ProvisionedConcurrency}; it must not exceed MaxConcurrency ${MaxConcurrency}.`,
    );
}
