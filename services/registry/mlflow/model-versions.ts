import { type BoundMlflowRoute, bindMlflow } from '#shared/mlflow/handler.ts';
import {
  createVersion,
  deleteVersionTag,
  describeVersion,
  setVersionTag,
} from '../use-cases/change-versions.ts';
import { type ModelAndVersion, type ModelDeps, versionFor } from '../use-cases/model-access.ts';
import { deleteVersion, moveStage } from '../use-cases/move-stages.ts';
import { aliasesOf } from '../use-cases/read-models.ts';
import { searchVersions } from '../use-cases/search-registry.ts';
import { tagsOf, versionMessage } from './messages.ts';
import * as routes from './routes/model-versions.ts';

export function modelVersionRoutes(deps: ModelDeps): BoundMlflowRoute[] {
  const answer = async (found: ModelAndVersion) => ({
    model_version: versionMessage(found.model, found.entry, await aliasesOf(deps, found)),
  });
  return [
    bindMlflow(routes.createModelVersion, async ({ message, caller }) => {
      const { model, entry } = await createVersion(deps, caller, {
        name: message.name,
        source: message.source,
        runId: message.run_id,
        loggedModelId: message.model_id,
        tags: tagsOf(message.tags),
        runLink: message.run_link,
        description: message.description,
      });
      return { model_version: versionMessage(model, entry, {}) };
    }),
    bindMlflow(routes.updateModelVersion, async ({ message: { name, version, description }, caller }) =>
      answer(await describeVersion(deps, caller, name, version, description)),
    ),
    bindMlflow(routes.transitionModelVersionStage, async ({ message, caller }) => {
      const { name, version, stage, archive_existing_versions: archiveExisting } = message;
      return answer(await moveStage(deps, caller, { name, version, stage, archiveExisting }));
    }),
    bindMlflow(routes.deleteModelVersion, async ({ message: { name, version }, caller }) => {
      await deleteVersion(deps, caller, name, version);
      return {};
    }),
    bindMlflow(routes.getModelVersion, async ({ message: { name, version }, caller }) =>
      answer(await versionFor(deps, caller, 'viewer', name, version)),
    ),
    bindMlflow(routes.searchModelVersions, async ({ message, caller }) => {
      const { items, nextPageToken } = await searchVersions(deps, caller, {
        filter: message.filter,
        orderBy: message.order_by,
        maxResults: message.max_results,
        pageToken: message.page_token,
      });
      return {
        model_versions: items.map(({ model, entry }) => versionMessage(model, entry, {})),
        ...(nextPageToken ? { next_page_token: nextPageToken } : {}),
      };
    }),
    bindMlflow(routes.getModelVersionDownloadUri, async ({ message: { name, version }, caller }) => {
      const { entry } = await versionFor(deps, caller, 'viewer', name, version);
      return { artifact_uri: entry.storageLocation ?? entry.source };
    }),
    bindMlflow(routes.setModelVersionTag, async ({ message: { name, version, key, value }, caller }) => {
      await setVersionTag(deps, caller, name, version, key, value);
      return {};
    }),
    bindMlflow(routes.deleteModelVersionTag, async ({ message: { name, version, key }, caller }) => {
      await deleteVersionTag(deps, caller, name, version, key);
      return {};
    }),
  ];
}
