import type { RuntimeContext } from '../../emulated-service.ts';
import type { CreateModelInput } from '../api/hosting-inputs.ts';
import type { ListInput } from '../api/members.ts';
import { validationError } from '../api/validation.ts';
import { resourceArn } from '../arns.ts';
import { resolveImage } from '../images/catalogue.ts';
import { parseS3Uri } from '../role-s3.ts';
import { listPage } from '../store/list-page.ts';
import type { RecordStore } from '../store/record-store.ts';
import type { ModelRecord } from './model-record.ts';
import { modelDataUrl } from './model-record.ts';

/** The operations on models. */
export class Models {
  readonly #context: RuntimeContext;
  readonly #store: RecordStore<ModelRecord>;

  constructor(context: RuntimeContext, store: RecordStore<ModelRecord>) {
    this.#context = context;
    this.#store = store;
  }

  create(input: CreateModelInput): { ModelArn: string } {
    const arn = this.#arn(input.ModelName);
    if (this.#store.get(input.ModelName) !== undefined)
      throw validationError(`Cannot create already existing model "${arn}".`);
    resolveImage(input.PrimaryContainer.Image);
    const record: ModelRecord = { arn, input, creationTimeMs: this.#context.now() };
    const url = modelDataUrl(record);
    if (url === undefined)
      throw validationError(
        'Member PrimaryContainer.ModelDataUrl is required: the image has no model of its own.',
      );
    parseS3Uri(url);
    this.#context.iam.assertAssumable(input.ExecutionRoleArn, 'sagemaker.amazonaws.com');
    this.#store.put(input.ModelName, record);
    return { ModelArn: arn };
  }

  describe(name: string): Record<string, unknown> {
    const { arn, input, creationTimeMs } = this.#store.require(
      name,
      `Could not find model "${this.#arn(name)}".`,
    );
    const { Tags: _tags, ...shown } = input;
    return {
      ...shown,
      ModelArn: arn,
      CreationTime: creationTimeMs / 1000,
      EnableNetworkIsolation: input.EnableNetworkIsolation ?? false,
    };
  }

  delete(name: string): void {
    this.#store.require(name, `Could not find model "${this.#arn(name)}".`);
    this.#store.delete(name);
  }

  list(input: ListInput): Record<string, unknown> {
    const { page, nextToken } = listPage(
      this.#store.all().map((record) => ({ ...record, name: record.input.ModelName })),
      input,
    );
    return {
      Models: page.map(({ name, arn, creationTimeMs }) => ({
        ModelName: name,
        ModelArn: arn,
        CreationTime: creationTimeMs / 1000,
      })),
      ...(nextToken === undefined ? {} : { NextToken: nextToken }),
    };
  }

  #arn(name: string): string {
    return resourceArn(this.#context, 'model', name);
  }
}
