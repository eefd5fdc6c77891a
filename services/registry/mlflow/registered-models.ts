import { type BoundMlflowRoute, bindMlflow } from '#shared/mlflow/handler.ts';
import { deleteAlias, setAlias } from '../use-cases/change-aliases.ts';
import {
  createModel,
  deleteModel,
  deleteModelTag,
  describeModel,
  renameModel,
  setModelTag,
} from '../use-cases/change-models.ts';
import type { ModelDeps } from '../use-cases/model-access.ts';
import { aliasesOf, latestVersions, overviewOf, readModel } from '../use-cases/read-models.ts';
import { versionByAlias } from '../use-cases/resolve-source.ts';
import { searchModels } from '../use-cases/search-registry.ts';
import { modelMessage, tagsOf, versionMessage } from './messages.ts';
import * as routes from './routes/registered-models.ts';

export function registeredModelRoutes(deps: ModelDeps): BoundMlflowRoute[] {
  const latest: Parameters<typeof bindMlflow<typeof routes.getLatestVersions.message>>[1] = async (call) => {
    const { name, stages } = call.message;
    const overview = await latestVersions(deps, call.caller, name, stages);
    return {
      model_versions: overview.latest.map((entry) => versionMessage(overview.model, entry, overview.aliases)),
    };
  };
  return [
    bindMlflow(routes.createRegisteredModel, async ({ message, caller }) => {
      const { name, description } = message;
      const model = await createModel(deps, caller, { name, description, tags: tagsOf(message.tags) });
      return { registered_model: modelMessage({ model, latest: [], aliases: {} }) };
    }),
    bindMlflow(routes.renameRegisteredModel, async ({ message: { name, new_name }, caller }) => ({
      registered_model: modelMessage(await overviewOf(deps, await renameModel(deps, caller, name, new_name))),
    })),
    bindMlflow(routes.updateRegisteredModel, async ({ message: { name, description }, caller }) => ({
      registered_model: modelMessage(
        await overviewOf(deps, await describeModel(deps, caller, name, description)),
      ),
    })),
    bindMlflow(routes.deleteRegisteredModel, async ({ message, caller }) => {
      await deleteModel(deps, caller, message.name);
      return {};
    }),
    bindMlflow(routes.getRegisteredModel, async ({ message, caller }) => ({
      registered_model: modelMessage(await readModel(deps, caller, message.name)),
    })),
    bindMlflow(routes.searchRegisteredModels, async ({ message, caller }) => {
      const { items, nextPageToken } = await searchModels(deps, caller, {
        filter: message.filter,
        orderBy: message.order_by,
        maxResults: message.max_results,
        pageToken: message.page_token,
      });
      return {
        registered_models: items.map(modelMessage),
        ...(nextPageToken ? { next_page_token: nextPageToken } : {}),
      };
    }),
    bindMlflow(routes.getLatestVersions, latest),
    bindMlflow(routes.getLatestVersionsByQuery, latest),
    bindMlflow(routes.setRegisteredModelTag, async ({ message: { name, key, value }, caller }) => {
      await setModelTag(deps, caller, name, key, value);
      return {};
    }),
    bindMlflow(routes.deleteRegisteredModelTag, async ({ message: { name, key }, caller }) => {
      await deleteModelTag(deps, caller, name, key);
      return {};
    }),
    bindMlflow(routes.setRegisteredModelAlias, async ({ message: { name, alias, version }, caller }) => {
      await setAlias(deps, caller, name, alias, version);
      return {};
    }),
    bindMlflow(routes.deleteRegisteredModelAlias, async ({ message: { name, alias }, caller }) => {
      await deleteAlias(deps, caller, name, alias);
      return {};
    }),
    bindMlflow(routes.getModelVersionByAlias, async ({ message: { name, alias }, caller }) => {
      const found = await versionByAlias(deps, caller, name, alias);
      return { model_version: versionMessage(found.model, found.entry, await aliasesOf(deps, found)) };
    }),
  ];
}
