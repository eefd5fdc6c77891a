import type { ModelSignature } from '#events/registry.ts';
import type { ClientVersion } from '#services/deployment/contract.ts';
import { inputColumns, type MlModel } from '#shared/mlflow/mlmodel.ts';

/** Why a version of a client cannot be served, and what to do about it. */
export interface Refusal {
  readonly refusal: string;
}

const refused = (refusal: string): Refusal => ({ refusal });
export const isRefusal = (value: object): value is Refusal => 'refusal' in value;

/** The flavor whose models the serving image loads. */
const servedFlavor = 'xgboost';
/** Formats that every XGBoost of the image's age and later reads. */
const servedFile = /\.(ubj|json)$/;
const logAgain =
  'Log the model again with mlflow.xgboost.log_model(model, signature=mlflow.models.infer_signature(features, predictions)) and register it.';

/** Whether a version may be looked at at all: its bytes are known, and MLmodel names the flavor. */
export function refusalOf({
  content,
  flavors,
}: Pick<ClientVersion, 'content' | 'flavors'>): Refusal | undefined {
  if (content.verdict !== 'Verified' || !content.manifest)
    return refused(`The bytes of the version could not be recorded. ${content.reason ?? ''}`.trim());
  if (flavors.includes(servedFlavor)) return undefined;
  const has = flavors.length === 0 ? 'no flavor (there is no readable file MLmodel)' : flavors.join(', ');
  return refused(
    `The version has ${has}; the platform serves models of the flavor ${servedFlavor}. ${logAgain}`,
  );
}

/** The file of the model among the version's files, and the columns that it takes in their order. */
export function servedModel(
  mlmodel: MlModel,
  paths: readonly string[],
): { readonly path: string; readonly columns: readonly string[] } | Refusal {
  const path = mlmodel.flavors[servedFlavor]?.['data'];
  if (typeof path !== 'string' || !paths.includes(path))
    return refused(`MLmodel names the file '${String(path)}', which is not there. ${logAgain}`);
  if (!servedFile.test(path))
    return refused(
      `The model is in the file '${path}'; the serving image reads XGBoost's formats UBJSON (.ubj) and JSON (.json). Log it with mlflow.xgboost.log_model(model, model_format="ubj", …) and register it.`,
    );
  const columns = inputColumns(mlmodel);
  if (!columns) return refused(`The model's signature names no columns. ${logAgain}`);
  return { path, columns };
}

const shownColumns = 5;

/** The project's signature with the columns in the model's order. Both must have the same columns: what is sent is given by the project. */
export function servedSignature(
  columns: readonly string[],
  project: ModelSignature,
): ModelSignature | Refusal {
  const wanted = new Map(project.inputs.map((column) => [column.name, column]));
  const own = new Set(columns);
  const missing = [...wanted.keys()].filter((name) => !own.has(name));
  const unknown = columns.filter((name) => !wanted.has(name));
  if (missing.length > 0 || unknown.length > 0 || own.size !== columns.length)
    return refused(
      `The model's columns are not the project's features: ${difference(missing, unknown)}. Train with exactly the project's features, or change its data and excludeFeatures.`,
    );
  return { ...project, inputs: columns.map((name) => wanted.get(name)!) };
}

function difference(missing: readonly string[], unknown: readonly string[]): string {
  const named = (what: string, names: readonly string[]) =>
    names.length === 0
      ? []
      : [
          `${what} ${names.slice(0, shownColumns).join(', ')}${names.length > shownColumns ? ` and ${names.length - shownColumns} more` : ''}`,
        ];
  const parts = [...named('it lacks', missing), ...named('it has besides', unknown)];
  return parts.length === 0 ? 'it names a column twice' : parts.join('; ');
}

/** The model's own names of its features must be in the order of the signature's columns, by which the platform sends them. */
export function featureOrderRefusal(
  columns: readonly string[],
  featureNames: readonly string[] | undefined,
): Refusal | undefined {
  if (!featureNames || featureNames.length === 0) return undefined;
  const same = featureNames.length === columns.length && featureNames.every((name, i) => name === columns[i]);
  return same
    ? undefined
    : refused(
        `The model was trained on the features ${featureNames.slice(0, shownColumns).join(', ')}… in another order or number than its signature says (${columns.slice(0, shownColumns).join(', ')}…). ${logAgain}`,
      );
}
