import type { CreateModelInput } from '../api/hosting-inputs.ts';

/** A model as kept on disk. */
export interface ModelRecord {
  readonly arn: string;
  readonly input: CreateModelInput;
  readonly creationTimeMs: number;
}

/** Where the model's archive lies, if it has one. */
export function modelDataUrl(model: ModelRecord): string | undefined {
  const { ModelDataUrl, ModelDataSource } = model.input.PrimaryContainer;
  return ModelDataUrl ?? ModelDataSource?.S3DataSource.S3Uri;
}
