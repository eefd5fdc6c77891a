import { parse } from 'yaml';
import * as z from 'zod';
import { AppError } from '#shared/kernel/errors.ts';

/** One flavor: how a kind of client loads the model. Its members are the flavor's own affair. */
const flavor = z.record(z.string(), z.unknown());

const fileSchema = z.object({
  flavors: z.record(z.string(), flavor.nullable()),
  model_uuid: z.string().nullish(),
  signature: z
    .object({ inputs: z.string().nullish(), outputs: z.string().nullish(), params: z.string().nullish() })
    .nullish(),
});

const columns = z.array(z.object({ name: z.string().optional(), type: z.string() }));

/** What MLflow's file `MLmodel` says of a model. */
export interface MlModel {
  readonly flavors: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly modelUuid?: string;
  /** Schemas as MLflow writes them: JSON texts. */
  readonly signature?: { readonly inputs?: string; readonly outputs?: string; readonly params?: string };
  /** Of the flavor python_function: the Python that saved it. */
  readonly pythonVersion?: string;
}

/** Most bytes of an MLmodel file that is read: those of wide models with many columns are below 1 MB. */
export const maxMlModelBytes = 5_000_000;
/** Aliases of YAML can make a small text huge. */
const maxYamlAliases = 0;

/** Parses the text of a file `MLmodel`. Throws InvalidMlModel. */
export function parseMlModel(text: string): MlModel {
  const result = fileSchema.safeParse(yamlOf(text));
  if (!result.success) throw invalidMlModel(z.prettifyError(result.error));
  const { flavors, model_uuid: modelUuid, signature } = result.data;
  const pythonVersion = flavors['python_function']?.['python_version'];
  return {
    flavors: Object.fromEntries(Object.entries(flavors).map(([name, members]) => [name, members ?? {}])),
    ...(modelUuid ? { modelUuid } : {}),
    ...(signature ? { signature: signatureOf(signature) } : {}),
    ...(typeof pythonVersion === 'string' ? { pythonVersion } : {}),
  };
}

/**
 * Names of the columns that a model takes, in its order; undefined where its signature has none: no signature, tensors, or columns
 * without names. Throws InvalidMlModel where the signature is no JSON.
 */
export function inputColumns({ signature }: Pick<MlModel, 'signature'>): readonly string[] | undefined {
  if (!signature?.inputs) return undefined;
  const result = columns.safeParse(jsonOf(signature.inputs));
  if (!result.success || result.data.length === 0) return undefined;
  const names = result.data.map(({ name }) => name);
  return names.every((name) => name !== undefined) ? names : undefined;
}

function yamlOf(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: maxYamlAliases });
  } catch (cause) {
    throw invalidMlModel(cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalidMlModel(`the inputs of the signature are no JSON: ${text.slice(0, 100)}`, cause);
  }
}

function signatureOf(signature: NonNullable<z.output<typeof fileSchema>['signature']>) {
  const { inputs, outputs, params } = signature;
  return { ...(inputs ? { inputs } : {}), ...(outputs ? { outputs } : {}), ...(params ? { params } : {}) };
}

const invalidMlModel = (what: string, cause?: unknown): AppError =>
  new AppError(
    'precondition_failed',
    'InvalidMlModel',
    `The file MLmodel cannot be read: ${what}. Log the model again with mlflow.<flavor>.log_model.`,
    {},
    { cause },
  );
