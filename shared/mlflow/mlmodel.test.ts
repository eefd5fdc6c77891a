import { describe, expect, it } from 'vitest';
import { inputColumns, parseMlModel } from './mlmodel.ts';

/** As mlflow 3.17.2 writes it for an XGBoost booster; members that nobody reads are left out. */
const xgboost = `flavors:
  python_function:
    data: model.ubj
    env:
      conda: conda.yaml
    loader_module: mlflow.xgboost
    python_version: 3.11.7
  xgboost:
    code: null
    data: model.ubj
    model_class: xgboost.core.Booster
    model_format: ubj
    xgb_version: 3.2.0
mlflow_version: 3.17.2
model_id: null
model_uuid: afed22280027492790b8923974650e65
signature:
  inputs: '[{"type": "double", "name": "a", "required": true}, {"type": "double",
    "name": "b", "required": true}]'
  outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1]}}]'
  params: null
utc_time_created: '2026-11-28 03:54:02.829659'
`;

describe('a file MLmodel', () => {
  it('names flavors, signature and what saved it', () => {
    const model = parseMlModel(xgboost);
    expect(Object.keys(model.flavors)).toEqual(['python_function', 'xgboost']);
    expect(model.flavors['xgboost']?.['data']).toBe('model.ubj');
    expect(model).toMatchObject({
      modelUuid: 'afed22280027492790b8923974650e65',
      pythonVersion: '3.11.7',
    });
    expect(model.signature?.params).toBeUndefined();
    expect(inputColumns(model)).toEqual(['a', 'b']);
  });

  it.each([
    ['no signature', undefined],
    ['a tensor', '[{"type": "tensor", "tensor-spec": {"dtype": "float64", "shape": [-1, 3]}}]'],
    ['columns without names', '[{"type": "double", "required": true}]'],
  ])('with %s names no columns', (_what, inputs) => {
    expect(inputColumns({ ...(inputs ? { signature: { inputs } } : {}) })).toBeUndefined();
  });

  it.each([
    ['no YAML', 'flavors: [', /cannot be read/],
    ['no flavors', 'model_uuid: x', /flavors/],
    ['flavors that are a list', 'flavors: [xgboost]', /flavors/],
    ['aliases that grow', 'a: &a [x, x]\nb: &b [*a, *a]\nflavors: {x: {y: *b}}', /cannot be read/],
  ])('is refused with %s', (_what, text, message) => {
    expect(() => parseMlModel(text)).toThrow(message);
  });

  it('is refused where the signature is no JSON', () => {
    expect(() => inputColumns({ signature: { inputs: '[{' } })).toThrow(/no JSON/);
  });
});
