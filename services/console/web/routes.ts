import { useEffect, useState } from 'preact/hooks';

export const projectTabs = ['overview', 'models', 'predict', 'monitoring'] as const;
export type ProjectTab = (typeof projectTabs)[number];

/** Where one is, by what stands after `#` in the address. */
export type Route =
  | { readonly page: 'projects' }
  | { readonly page: 'approvals' }
  | { readonly page: 'project'; readonly project: string; readonly tab: ProjectTab }
  | { readonly page: 'lineage'; readonly project: string; readonly kind: string; readonly id: string }
  | { readonly page: 'unknown' };

/** Reads `#/projects/tumour/models` and its like. */
export function routeOf(hash: string): Route {
  const parts = hash.replace(/^#\/?/, '').split('/').filter(Boolean).map(decoded);
  const [page, project, tab = 'overview', kind, id] = parts;
  if (page === undefined) return { page: 'projects' };
  if (page === 'approvals') return { page };
  if (page !== 'projects') return { page: 'unknown' };
  if (project === undefined) return { page };
  if (tab === 'lineage' && kind && id) return { page: tab, project, kind, id };
  const known = projectTabs.find((one) => one === tab);
  return known ? { page: 'project', project, tab: known } : { page: 'unknown' };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export const addressOf = {
  projects: '#/',
  approvals: '#/approvals',
  project: (project: string, tab: ProjectTab = 'overview') =>
    `#/projects/${project}${tab === 'overview' ? '' : `/${tab}`}`,
  lineage: (project: string, kind: string, id: string | number) =>
    `#/projects/${project}/lineage/${kind}/${encodeURIComponent(id)}`,
};

export function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const follow = () => setHash(location.hash);
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return routeOf(hash);
}
