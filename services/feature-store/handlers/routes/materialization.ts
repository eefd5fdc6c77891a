import { type Route, route } from '#shared/lambda/http.ts';
import * as contract from '../../contract.ts';
import {
  listMaterializationsOf,
  type MaterializeDeps,
  materializeView,
  readMaterialization,
  resumeMaterialization,
} from '../../use-cases/materialize-view.ts';

/** What people ask about writing views online. */
export const materializationRoutes = (deps: MaterializeDeps): Route[] => [
  route(contract.materialize, ({ params, body, caller }) =>
    materializeView(deps, { ...params, mode: body.mode, requestedBy: caller.id }),
  ),
  route(contract.listMaterializations, ({ params, query }) =>
    listMaterializationsOf(deps, { ...params, pageToken: query.pageToken }),
  ),
  route(contract.readMaterialization, ({ params }) => readMaterialization(deps, params)),
  route(contract.resumeMaterialization, ({ params }) => resumeMaterialization(deps, params)),
];
