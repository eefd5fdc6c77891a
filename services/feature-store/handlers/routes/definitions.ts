import { route } from '#shared/lambda/http.ts';
import * as contract from '../../contract.ts';
import {
  describeService,
  describeView,
  listCatalogue,
  type ReadDefinitionsDeps,
} from '../../use-cases/read-definitions.ts';

/** Routes of the catalogue: what a project declares, and who uses it. */
export const definitionRoutes = (deps: ReadDefinitionsDeps) => [
  route(contract.listFeatures, ({ params }) => listCatalogue(deps, params)),
  route(contract.readFeatureView, ({ params, query }) => describeView(deps, { ...params, ...query })),
  route(contract.readFeatureService, ({ params, query }) => describeService(deps, { ...params, ...query })),
];
