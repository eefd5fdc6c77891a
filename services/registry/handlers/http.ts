import { httpHandler, route } from '#shared/lambda/http.ts';
import * as contract from '../contract.ts';
import { listVersions, readVersion } from '../use-cases/read-versions.ts';
import { registryDeps } from './registry.ts';

const { store } = registryDeps();

export const handler = httpHandler([
  route(contract.listModelVersions, async ({ params, query }) => {
    const page = await listVersions(store, params.project, query.pageToken);
    return { ...page, items: [...page.items] };
  }),
  route(contract.readModelVersion, ({ params }) => readVersion(store, params.project, params.modelVersion)),
  route(contract.listAliasHistory, async ({ params, query }) => {
    const page = await store.listAliasMoves(params.project, params.alias, query.pageToken);
    return { ...page, items: page.items.map(({ model: _inPath, ...move }) => move) };
  }),
]);
