import type { ModelSignature } from '#events/registry.ts';
import type { Column } from '#shared/contracts/parts.ts';

/** What MLflow's clients look for beside a model: text files by their name. */
export interface LoggedModelFiles {
  /** Name of the model's own file. */
  readonly modelFile: string;
  readonly texts: Readonly<Record<string, string>>;
}

/** XGBoost of the image that trains: every later one reads its models. */
const xgboostVersion = '3.0.5';
const pythonVersion = '3.11.0';
/** Whose format MLmodel is in. */
const mlflowVersion = '3.17.2';

const modelFile = 'model.ubj';

/** Types of MLflow's schemas; models here take numbers, and booleans as numbers. */
const mlflowTypes: Readonly<Record<Column['type'], string>> = {
  number: 'double',
  integer: 'long',
  boolean: 'boolean',
  string: 'string',
  timestamp: 'datetime',
};

/** The files around a booster of XGBoost as `mlflow.xgboost.save_model` lays them out. The same model has the same bytes. */
export function loggedModelFiles(runId: string, signature: ModelSignature): LoggedModelFiles {
  const requirements = ['mlflow', 'numpy', 'pandas', 'scipy', `xgboost>=${xgboostVersion}`];
  return {
    modelFile,
    texts: {
      MLmodel: mlmodelOf(runId, signature),
      'requirements.txt': `${requirements.join('\n')}\n`,
      'python_env.yaml': `python: ${pythonVersion}\nbuild_dependencies:\n- pip\n- setuptools\n- wheel\ndependencies:\n- -r requirements.txt\n`,
      'conda.yaml': `channels:\n- conda-forge\ndependencies:\n- python=${pythonVersion}\n- pip\n- pip:\n${requirements.map((one) => `  - ${one}\n`).join('')}name: mlflow-env\n`,
    },
  };
}

/** JSON is YAML, too. */
function mlmodelOf(runId: string, signature: ModelSignature): string {
  const model = {
    artifact_path: 'model',
    flavors: {
      python_function: {
        data: modelFile,
        env: { conda: 'conda.yaml', virtualenv: 'python_env.yaml' },
        loader_module: 'mlflow.xgboost',
        python_version: pythonVersion,
      },
      xgboost: {
        code: null,
        data: modelFile,
        model_class: 'xgboost.core.Booster',
        model_format: 'ubj',
        xgb_version: xgboostVersion,
      },
    },
    mlflow_version: mlflowVersion,
    model_uuid: runId,
    run_id: runId,
    signature: {
      inputs: JSON.stringify(
        signature.inputs.map(({ name, type }) => ({ type: mlflowTypes[type], name, required: true })),
      ),
      outputs: JSON.stringify([
        { type: 'tensor', 'tensor-spec': { dtype: 'float32', shape: outputShape(signature) } },
      ]),
      params: null,
    },
  };
  return `${JSON.stringify(model, undefined, 2)}\n`;
}

/** A probability or a value per row; of several classes, a probability each. */
const outputShape = ({ task, classes }: ModelSignature): number[] =>
  task === 'multiclass_classification' ? [-1, classes.length] : [-1];
