import { httpHandler, route } from '#shared/lambda/http.ts';
import * as contract from '../contract.ts';
import { aliasAt, aliasHistory } from '../use-cases/read-alias-history.ts';
import { listVersions, readVersion } from '../use-cases/read-versions.ts';
import { readingDeps } from './registry.ts';

const deps = readingDeps();

export const handler = httpHandler([
  route(contract.listModelVersions, async ({ params, query }) => {
    const page = await listVersions(deps, params.project, query.pageToken);
    return { ...page, items: [...page.items] };
  }),
  route(contract.readModelVersion, ({ params }) => readVersion(deps, params.project, params.modelVersion)),
  route(contract.listAliasHistory, async ({ params, query, caller }) => {
    const page = await aliasHistory(deps, caller, params.project, params.alias, query.pageToken);
    return { ...page, items: [...page.items] };
  }),
  route(contract.readAliasAt, ({ params, query, caller }) =>
    aliasAt(deps, caller, params.project, params.alias, query.time),
  ),
  route(contract.listModelAliasHistory, async ({ params, query, caller }) => {
    const page = await aliasHistory(deps, caller, params.model, params.alias, query.pageToken);
    return { ...page, items: [...page.items] };
  }),
  route(contract.readModelAliasAt, ({ params, query, caller }) =>
    aliasAt(deps, caller, params.model, params.alias, query.time),
  ),
]);
