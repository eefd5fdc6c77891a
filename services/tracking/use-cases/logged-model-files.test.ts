import { describe, expect, it } from 'vitest';
import { inputColumns, parseMlModel } from '#shared/mlflow/mlmodel.ts';
import { loggedModelFiles } from './logged-model-files.ts';

const signature = {
  task: 'multiclass_classification' as const,
  inputs: [
    { name: 'size', type: 'number' as const },
    { name: 'is "new"', type: 'boolean' as const },
  ],
  target: 'kind',
  classes: ['a', 'b', 'c'],
};

describe('the files of a trained model', () => {
  const { texts, modelFile } = loggedModelFiles('0a'.repeat(16), signature);

  it('are those that MLflow looks for', () => {
    expect(Object.keys(texts).sort()).toEqual([
      'MLmodel',
      'conda.yaml',
      'python_env.yaml',
      'requirements.txt',
    ]);
  });

  it('name the model, its columns and its outputs', () => {
    const model = parseMlModel(texts['MLmodel']!);
    expect(model.flavors['xgboost']?.['data']).toBe(modelFile);
    expect(model.flavors['python_function']?.['loader_module']).toBe('mlflow.xgboost');
    expect(inputColumns(model)).toEqual(['size', 'is "new"']);
    expect(JSON.parse(model.signature!.outputs!)[0]['tensor-spec'].shape).toEqual([-1, 3]);
  });

  it('are the same for the same model', () => {
    expect(loggedModelFiles('0a'.repeat(16), signature)).toEqual({ modelFile, texts });
  });
});
