import { useEffect, useState } from 'preact/hooks';

export const projectTabs = ['overview', 'data', 'features', 'models', 'predict', 'monitoring'] as const;
export type ProjectTab = (typeof projectTabs)[number];

export const runTabs = ['overview', 'metrics', 'artifacts'] as const;
export type RunTab = (typeof runTabs)[number];

/** Where one is, by what stands after `#` in the address. `view`: how the page is looked at, as a query string. */
export type Route =
  | { readonly page: 'projects' }
  | { readonly page: 'approvals' }
  | { readonly page: 'project'; readonly project: string; readonly tab: ProjectTab }
  | { readonly page: 'dataset-version'; readonly project: string; readonly datasetVersion: number }
  | { readonly page: 'feature-view'; readonly project: string; readonly view: string }
  | { readonly page: 'contract-suggestion'; readonly project: string; readonly suggestionId: string }
  | { readonly page: 'lineage'; readonly project: string; readonly kind: string; readonly id: string }
  | { readonly page: 'experiments'; readonly view: string }
  | { readonly page: 'experiment'; readonly experimentId: string; readonly view: string }
  | { readonly page: 'run'; readonly runId: string; readonly tab: RunTab; readonly view: string }
  | { readonly page: 'compare'; readonly view: string }
  | { readonly page: 'models'; readonly view: string }
  | { readonly page: 'model'; readonly model: string }
  | { readonly page: 'unknown' };

/** Reads `#/projects/tumour/models`, `#/experiments/7?filter=…` and their like. */
export function routeOf(hash: string): Route {
  const [path, view = ''] = splitOnce(hash.replace(/^#\/?/, ''), '?');
  const parts = path.split('/').filter(Boolean).map(decoded);
  const [page, id] = parts;
  switch (page) {
    case undefined:
      return { page: 'projects' };
    case 'approvals':
      return { page };
    case 'projects':
      return projectRoute(parts.slice(1));
    case 'experiments':
      return experimentRoute(parts.slice(1), view);
    case 'runs':
      return runRoute(parts.slice(1), view);
    case 'compare':
      return { page, view };
    case 'models':
      return id === undefined ? { page, view } : { page: 'model', model: id };
    default:
      return { page: 'unknown' };
  }
}

function projectRoute([project, tab = 'overview', kind, id]: readonly string[]): Route {
  if (project === undefined) return { page: 'projects' };
  if (tab === 'lineage' && kind && id) return { page: tab, project, kind, id };
  if (tab === 'data' && kind) return datasetVersionRoute(project, kind);
  if (tab === 'features' && kind) return { page: 'feature-view', project, view: kind };
  if (tab === 'contract-suggestions' && kind)
    return { page: 'contract-suggestion', project, suggestionId: kind };
  const known = projectTabs.find((one) => one === tab);
  return known ? { page: 'project', project, tab: known } : { page: 'unknown' };
}

function datasetVersionRoute(project: string, text: string): Route {
  const datasetVersion = Number(text);
  return Number.isInteger(datasetVersion) && datasetVersion > 0
    ? { page: 'dataset-version', project, datasetVersion }
    : { page: 'unknown' };
}

/** MLflow's clients print `#/experiments/<id>/runs/<run>` when a run ends, and the address of its experiment. */
function experimentRoute([experimentId, part, runId]: readonly string[], view: string): Route {
  if (experimentId === undefined) return { page: 'experiments', view };
  if (part === 'runs' && runId !== undefined) return runRoute([runId], view);
  return { page: 'experiment', experimentId, view };
}

function runRoute([runId, tab = 'overview']: readonly string[], view: string): Route {
  const known = runTabs.find((one) => one === tab);
  return runId && known ? { page: 'run', runId, tab: known, view } : { page: 'unknown' };
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const withView = (address: string, view: string): string => (view ? `${address}?${view}` : address);

export const addressOf = {
  projects: '#/',
  approvals: '#/approvals',
  project: (project: string, tab: ProjectTab = 'overview') =>
    `#/projects/${project}${tab === 'overview' ? '' : `/${tab}`}`,
  datasetVersion: (project: string, datasetVersion: number) => `#/projects/${project}/data/${datasetVersion}`,
  featureView: (project: string, view: string) =>
    `#/projects/${project}/features/${encodeURIComponent(view)}`,
  contractSuggestion: (project: string, suggestionId: string) =>
    `#/projects/${project}/contract-suggestions/${encodeURIComponent(suggestionId)}`,
  lineage: (project: string, kind: string, id: string | number) =>
    `#/projects/${project}/lineage/${kind}/${encodeURIComponent(id)}`,
  experiments: (view = '') => withView('#/experiments', view),
  experiment: (experimentId: string, view = '') =>
    withView(`#/experiments/${encodeURIComponent(experimentId)}`, view),
  run: (runId: string, tab: RunTab = 'overview', view = '') =>
    withView(`#/runs/${encodeURIComponent(runId)}${tab === 'overview' ? '' : `/${tab}`}`, view),
  compare: (view: string) => withView('#/compare', view),
  models: (view = '') => withView('#/models', view),
  model: (model: string) => `#/models/${encodeURIComponent(model)}`,
};

/** Goes to an address of the page. `replace`: the way back skips where one is now. */
export function goTo(address: string, { replace = false } = {}): void {
  if (replace) location.replace(address);
  else location.hash = address;
}

export function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const follow = () => setHash(location.hash);
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return routeOf(hash);
}
