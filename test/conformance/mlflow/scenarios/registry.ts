import type { Scenario, Step } from '../scenario.ts';

const models = '/api/2.0/mlflow/registered-models';
const versions = '/api/2.0/mlflow/model-versions';
const name = 'comparison-model';
const ask =
  (method: Step['method']) =>
  (title: string, path: string, message: Step['message'], more: Partial<Step> = {}): Step => ({
    title,
    method,
    path,
    ...(message ? { message } : {}),
    ...more,
  });
const post = ask('POST');
const get = ask('GET');
const patch = ask('PATCH');
const remove = ask('DELETE');

/** Of model name, for one whose versions these are. */
const version = (number: string) => ({ name, version: number });

const registered: readonly Step[] = [
  post(
    'registers a model to vary',
    `${models}/create`,
    { name: '$new', description: 'Made to vary.', tags: [{ key: 'a', value: 'b' }] },
    { variants: true, ignore: { 'registered_model.name': 'counted on each server' } },
  ),
  post('registers a model', `${models}/create`, {
    name,
    description: 'Compared.',
    tags: [{ key: 'team', value: 'fruit' }],
  }),
  post('refuses a name that is taken', `${models}/create`, { name }),
  ...['', 'a/b', 'a:b'].map((wrong) =>
    post(`refuses the name '${wrong}'`, `${models}/create`, { name: wrong }),
  ),
  get('gets it', `${models}/get`, { name }, { variants: true }),
  get('gets none that is not there', `${models}/get`, { name: 'comparison-none' }),
  patch('describes it', `${models}/update`, { name, description: 'Described.' }, { variants: true }),
  post('tags it', `${models}/set-tag`, { name, key: 'colour', value: 'red' }, { variants: true }),
  post('tags it to forget', `${models}/set-tag`, { name, key: 'short', value: 'lived' }),
  remove('takes a tag away', `${models}/delete-tag`, { name, key: 'short' }, { variants: true }),
  remove('takes a tag away that is not there', `${models}/delete-tag`, { name, key: 'short' }),
];

const made: readonly Step[] = [
  post(
    'makes a run',
    '/api/2.0/mlflow/runs/create',
    { experiment_id: '0' },
    { save: { run: 'run.info.run_id', uri: 'run.info.artifact_uri' } },
  ),
  post(
    'makes a version of a run',
    `${versions}/create`,
    { name, source: '$uri/model', run_id: '$run', description: 'First.', tags: [{ key: 'a', value: 'b' }] },
    { variants: true },
  ),
  post('makes a version of objects', `${versions}/create`, { name, source: 's3://bucket/model' }),
  post('refuses a version of an unknown model', `${versions}/create`, {
    name: 'comparison-none',
    source: 's3://bucket/model',
  }),
  post('refuses a local source', `${versions}/create`, { name, source: '/tmp/model' }),
  post('refuses a file source', `${versions}/create`, { name, source: 'file:///tmp/model' }),
  post('refuses a source with ..', `${versions}/create`, { name, source: 'mlflow-artifacts:/0/../../etc' }),
  get('gets a version', `${versions}/get`, version('1'), {
    variants: true,
    ignore: { 'model_version.description': 'variants made versions on both' },
  }),
  get('gets no version that is not there', `${versions}/get`, version('999')),
  patch(
    'describes a version',
    `${versions}/update`,
    { ...version('1'), description: 'Better.' },
    { variants: true },
  ),
  post(
    'tags a version',
    `${versions}/set-tag`,
    { ...version('1'), key: 'good', value: 'yes' },
    { variants: true },
  ),
  remove(
    'takes a tag of a version away',
    `${versions}/delete-tag`,
    { ...version('1'), key: 'good' },
    { variants: true },
  ),
  get('gets the download address', `${versions}/get-download-uri`, version('1'), { variants: true }),
  post(
    'moves a version to staging',
    `${versions}/transition-stage`,
    { ...version('1'), stage: 'staging', archive_existing_versions: false },
    { variants: true },
  ),
  post('moves another, archiving', `${versions}/transition-stage`, {
    ...version('2'),
    stage: 'Staging',
    archive_existing_versions: true,
  }),
  post('refuses an unknown stage', `${versions}/transition-stage`, {
    ...version('1'),
    stage: 'Shelf',
    archive_existing_versions: false,
  }),
  post('refuses to archive for None', `${versions}/transition-stage`, {
    ...version('1'),
    stage: 'None',
    archive_existing_versions: true,
  }),
  post('gets the newest of a stage', `${models}/get-latest-versions`, { name, stages: ['Staging'] }),
  get('gets the newest of a stage, as old clients do', `${models}/get-latest-versions`, {
    name,
    stages: ['Archived'],
  }),
  post('refuses an unknown stage in a question', `${models}/get-latest-versions`, {
    name,
    stages: ['Shelf'],
  }),
];

const aliased: readonly Step[] = [
  post('sets an alias', `${models}/alias`, { name, alias: 'best', version: '1' }, { variants: true }),
  post('moves an alias', `${models}/alias`, { name, alias: 'best', version: '2' }),
  ...['latest', 'v12', 'a b', ''].map((alias) =>
    post(`refuses the alias '${alias}'`, `${models}/alias`, { name, alias, version: '1' }),
  ),
  post('refuses an alias on a version that is not there', `${models}/alias`, {
    name,
    alias: 'best',
    version: '999',
  }),
  get(
    'gets a version by its alias',
    `${models}/alias`,
    { name, alias: 'best' },
    { variants: true, ignore: { 'model_version.description': 'variants made versions on both' } },
  ),
  get('gets none by an unknown alias', `${models}/alias`, { name, alias: 'worst' }),
  remove('takes an alias away', `${models}/alias`, { name, alias: 'best' }, { variants: true }),
  remove('takes an alias away that is not there', `${models}/alias`, { name, alias: 'best' }),
];

const search = (title: string, path: string, message: Step['message']) =>
  get(title, path, { max_results: 50, ...message });
const searched: readonly Step[] = [
  ...[
    `name = '${name}'`,
    "name LIKE 'comparison-mod%'",
    "name ILIKE 'COMPARISON-MOD%'",
    `name != 'x' AND tags.team = 'fruit'`,
  ].map((filter) => search(`finds models with ${filter}`, `${models}/search`, { filter })),
  ...['name >', "colour = 'red'", 'name = red', "name = 'a' OR name = 'b'"].map((filter) =>
    search(`refuses models with ${filter}`, `${models}/search`, { filter }),
  ),
  search('refuses models in an unknown order', `${models}/search`, { order_by: ['colour'] }),
  search('refuses too large a page of models', `${models}/search`, { max_results: 1001 }),
  ...[
    `name = '${name}' AND tags.a = 'b'`,
    "run_id = '$run'",
    "run_id IN ('$run')",
    `name LIKE 'comparison-m%' AND source_path = 's3://bucket/model'`,
  ].map((filter) =>
    search(`finds versions with ${filter}`, `${versions}/search`, {
      filter,
      order_by: ['version_number ASC'],
    }),
  ),
  ...['name >', "colour = 'red'", "version_number LIKE '1'", 'run_id IN ()'].map((filter) =>
    search(`refuses versions with ${filter}`, `${versions}/search`, { filter }),
  ),
  search('refuses too large a page of versions', `${versions}/search`, { max_results: 200_001 }),
];

const gone: readonly Step[] = [
  post('registers a model to rename', `${models}/create`, { name: 'comparison-old' }),
  post(
    'renames it',
    `${models}/rename`,
    { name: 'comparison-old', new_name: 'comparison-new' },
    { variants: true },
  ),
  post('refuses to rename to a name that is taken', `${models}/rename`, {
    name: 'comparison-new',
    new_name: name,
  }),
  remove('deletes a version', `${versions}/delete`, version('2'), { variants: true }),
  get('gets it no more', `${versions}/get`, version('2')),
  remove('refuses to delete it again', `${versions}/delete`, version('2')),
  remove('deletes the model', `${models}/delete`, { name: 'comparison-new' }, { variants: true }),
  get('gets the model no more', `${models}/get`, { name: 'comparison-new' }),
  remove('refuses to delete the model again', `${models}/delete`, { name: 'comparison-new' }),
];

export const registry: Scenario = {
  name: 'registry',
  steps: [...registered, ...made, ...aliased, ...searched, ...gone],
};
